use polyfn_shim::{
    event::Kind,
    manifest::{Entry, Manifest},
};

use super::{
    environment::variables,
    parts::{Parts, attribute, parameter, reference, resource, sub},
    policy::{allow, role},
    template::header,
};
use crate::{
    failure::Failure,
    manifest::{
        File,
        yaml::{Node, write},
    },
};

const PORT: u64 = 8080;
/// What the program answers by itself, unless a function has that very route.
const READY: &str = "/readyz";

/// The program as a service of ECS on Fargate behind a load balancer: a CloudFormation template. `None` for a program that takes no
/// requests, which nothing would start there.
pub(super) fn fargate(manifest: &Manifest, warnings: &[String]) -> Result<Option<File>, Failure> {
    let called = |function: &&Entry| matches!(function.trigger, Kind::Http | Kind::Direct);
    if !manifest.functions.iter().any(|function| function.trigger == Kind::Http) {
        return Ok(None);
    }
    let open = manifest.functions.iter().all(|function| function.trigger == Kind::Http && function.public);
    let mut parts = Parts::default();
    parameters(open, &mut parts);
    roles(manifest, &mut parts)?;
    network(open, &mut parts);
    balancer(open, &mut parts);
    service(manifest, &mut parts)?;
    parts.output(
        "Url",
        "Where the program takes requests",
        Node::list([Node::from("IsSecure"), sub("https://${Balancer.DNSName}"), sub("http://${Balancer.DNSName}")]).tagged("!If"),
    );
    let mut how = "The image is that of `cargo polyfn build --provider container`, in a registry.\n\
        By hand: aws cloudformation deploy --capabilities CAPABILITY_IAM --template-file fargate.yaml --stack-name NAME"
        .to_owned();
    if !open {
        how.push_str("\n\nNot every function is public, and a load balancer knows no IAM: this one is reached from within the network alone.");
    }
    let others: Vec<_> = manifest
        .functions
        .iter()
        .filter(|function| !called(function))
        .map(|function| format!("`{}` ({})", function.name, function.trigger))
        .collect();
    if !others.is_empty() {
        how.push_str(&format!(
            "\n\nNothing delivers events to a service of ECS. Deploy these by template.yaml:\n{}",
            others.join(", ")
        ));
    }
    let root = Node::map()
        .with("AWSTemplateFormatVersion", "2010-09-09")
        .with("Description", format!("{} {} on Fargate, by polyfn", manifest.program, manifest.version));
    let root = parts.into_template(root).told(header("fargate.yaml", "", manifest, &how, warnings));
    Ok(Some(File::new("fargate.yaml", write(&[root]))))
}

fn parameters(open: bool, parts: &mut Parts) {
    let typed = |ty: &str, about: &str| Node::map().with("Type", ty).with("Description", about);
    parts.parameter("Image", parameter("The image, such as ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME@sha256:DIGEST", None));
    parts.parameter("VpcId", typed("AWS::EC2::VPC::Id", "The network"));
    parts.parameter("BalancerSubnets", typed("List<AWS::EC2::Subnet::Id>", "Subnets of the load balancer, in two zones or more"));
    parts.parameter("TaskSubnets", typed("List<AWS::EC2::Subnet::Id>", "Subnets of the tasks"));
    let public = typed("String", "ENABLED if the tasks' subnets reach the registry only by addresses of their own")
        .with("AllowedValues", Node::list(["DISABLED", "ENABLED"]))
        .with("Default", "DISABLED");
    parts.parameter("AssignPublicIp", public);
    parts.parameter("Callers", parameter("The addresses that may call, as a CIDR block", open.then_some("0.0.0.0/0")));
    parts.parameter("CertificateArn", parameter("A certificate of ACM for HTTPS; empty for HTTP alone", Some("")));
    parts.parameter("Tasks", typed("Number", "How many tasks run").with("Default", 2_u64));
    let none = Node::list([reference("CertificateArn"), Node::from("")]).tagged("!Equals");
    parts.condition("IsSecure", Node::list([none]).tagged("!Not"));
}

fn roles(manifest: &Manifest, parts: &mut Parts) -> Result<(), Failure> {
    parts.resource("Logs", resource("AWS::Logs::LogGroup", Node::map().with("RetentionInDays", 30_u64)));
    let variables = variables(&manifest.functions)?;
    for variable in &variables {
        let about =
            if variable.secret { "ARN of the secret of Secrets Manager that {} holds" } else { "What {} is in the environment" };
        parts.parameter(variable.parameter.clone(), parameter(&about.replace("{}", &variable.name), None));
    }
    let pull = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];
    let repositories = sub("arn:${AWS::Partition}:ecr:${AWS::Region}:${AWS::AccountId}:repository/*");
    let mut policies = vec![
        // A token is for the whole registry; AWS knows no narrower resource.
        ("pull".to_owned(), vec![allow(&["ecr:GetAuthorizationToken"], "*"), allow(&pull, repositories)]),
        ("logs".to_owned(), vec![allow(&["logs:CreateLogStream", "logs:PutLogEvents"], attribute("Logs", "Arn"))]),
    ];
    let secrets: Vec<_> =
        variables.iter().filter(|variable| variable.secret).map(|variable| reference(&variable.parameter)).collect();
    if !secrets.is_empty() {
        policies.push(("secrets".to_owned(), vec![allow(&["secretsmanager:GetSecretValue"], Node::list(secrets))]));
    }
    parts.resource(
        "StartRole",
        role("ecs-tasks.amazonaws.com", None, policies).told("What starts a task: the image, its log, its secrets."),
    );
    parts.resource(
        "TaskRole",
        role("ecs-tasks.amazonaws.com", None, Vec::new()).told("What the program itself may do; an overlay gives it more."),
    );
    Ok(())
}

fn network(open: bool, parts: &mut Parts) {
    let rule = |port: u64| Node::map().with("IpProtocol", "tcp").with("FromPort", port).with("ToPort", port);
    let callers = |port| rule(port).with("CidrIp", reference("Callers")).with("Description", "Callers");
    let about = if open { "The load balancer, for everyone" } else { "The load balancer, within the network" };
    let balancer = Node::map()
        .with("GroupDescription", about)
        .with("VpcId", reference("VpcId"))
        .with("SecurityGroupIngress", Node::list([callers(80), callers(443)]));
    parts.resource("BalancerGroup", resource("AWS::EC2::SecurityGroup", balancer));
    let from =
        rule(PORT).with("SourceSecurityGroupId", attribute("BalancerGroup", "GroupId")).with("Description", "The load balancer");
    let tasks = Node::map()
        .with("GroupDescription", "The tasks, for the load balancer alone")
        .with("VpcId", reference("VpcId"))
        .with("SecurityGroupIngress", Node::list([from]));
    parts.resource("TaskGroup", resource("AWS::EC2::SecurityGroup", tasks));
}

fn balancer(open: bool, parts: &mut Parts) {
    let balancer = Node::map()
        .with("Scheme", if open { "internet-facing" } else { "internal" })
        .with("Subnets", reference("BalancerSubnets"))
        .with("SecurityGroups", Node::list([attribute("BalancerGroup", "GroupId")]));
    parts.resource("Balancer", resource("AWS::ElasticLoadBalancingV2::LoadBalancer", balancer));
    let delay = Node::map().with("Key", "deregistration_delay.timeout_seconds").with("Value", "30");
    let targets = Node::map()
        .with("TargetType", "ip")
        .with("Protocol", "HTTP")
        .with("Port", PORT)
        .with("VpcId", reference("VpcId"))
        .with("HealthCheckPath", READY)
        .with("HealthCheckIntervalSeconds", 10_u64)
        .with("HealthyThresholdCount", 2_u64)
        .with("Matcher", Node::map().with("HttpCode", "200"))
        .with("TargetGroupAttributes", Node::list([delay]));
    parts.resource("Targets", resource("AWS::ElasticLoadBalancingV2::TargetGroup", targets));
    let forward = || Node::map().with("Type", "forward").with("TargetGroupArn", reference("Targets"));
    let to = Node::map().with("Protocol", "HTTPS").with("Port", "443").with("StatusCode", "HTTP_301");
    let redirect = Node::map().with("Type", "redirect").with("RedirectConfig", to);
    let listener = |port: u64, protocol: &str, action: Node| {
        Node::map()
            .with("LoadBalancerArn", reference("Balancer"))
            .with("Port", port)
            .with("Protocol", protocol)
            .with("DefaultActions", Node::list([action]))
    };
    let plain = Node::list([Node::from("IsSecure"), redirect, forward()]).tagged("!If");
    parts.resource("Listener", resource("AWS::ElasticLoadBalancingV2::Listener", listener(80, "HTTP", plain)));
    let secure = listener(443, "HTTPS", forward())
        .with("Certificates", Node::list([Node::map().with("CertificateArn", reference("CertificateArn"))]))
        .with("SslPolicy", "ELBSecurityPolicy-TLS13-1-2-2021-06");
    let secure = Node::map()
        .with("Type", "AWS::ElasticLoadBalancingV2::Listener")
        .with("Condition", "IsSecure")
        .with("Properties", secure);
    parts.resource("SecureListener", secure);
}

fn service(manifest: &Manifest, parts: &mut Parts) -> Result<(), Failure> {
    let mut environment = vec![Node::map().with("Name", "PORT").with("Value", PORT.to_string())];
    if manifest.functions.iter().any(|function| function.trigger == Kind::Schedule) {
        // Each task would tick by itself.
        environment.push(Node::map().with("Name", "POLYFN_CLOCK").with("Value", "off"));
    }
    let mut secrets = Vec::new();
    for variable in variables(&manifest.functions)? {
        if variable.secret {
            let from = reference(&variable.parameter);
            secrets.push(Node::map().with("Name", variable.name).with("ValueFrom", from));
        } else {
            environment.push(Node::map().with("Name", variable.name).with("Value", reference(&variable.parameter)));
        }
    }
    let log = Node::map()
        .with("awslogs-group", reference("Logs"))
        .with("awslogs-region", reference("AWS::Region"))
        .with("awslogs-stream-prefix", manifest.program.as_str());
    let container = Node::map()
        .with("Name", "program")
        .with("Image", reference("Image"))
        .with("Essential", true)
        .with("ReadonlyRootFilesystem", true)
        .with("PortMappings", Node::list([Node::map().with("ContainerPort", PORT)]))
        .with("Environment", Node::list(environment))
        .with_some("Secrets", (!secrets.is_empty()).then(|| Node::list(secrets)))
        .with("LogConfiguration", Node::map().with("LogDriver", "awslogs").with("Options", log));
    let (cpu, memory) = size(&manifest.functions);
    let task = Node::map()
        .with("RequiresCompatibilities", Node::list(["FARGATE"]))
        .with("NetworkMode", "awsvpc")
        .with("Cpu", cpu.to_string())
        .with("Memory", memory.to_string())
        .with("RuntimePlatform", Node::map().with("CpuArchitecture", "X86_64").with("OperatingSystemFamily", "LINUX"))
        .with("ExecutionRoleArn", attribute("StartRole", "Arn"))
        .with("TaskRoleArn", attribute("TaskRole", "Arn"))
        .with("ContainerDefinitions", Node::list([container]));
    parts.resource("Task", resource("AWS::ECS::TaskDefinition", task));
    parts.resource("Cluster", Node::map().with("Type", "AWS::ECS::Cluster"));
    let place = Node::map()
        .with("AssignPublicIp", reference("AssignPublicIp"))
        .with("Subnets", reference("TaskSubnets"))
        .with("SecurityGroups", Node::list([attribute("TaskGroup", "GroupId")]));
    let breaker = Node::map().with("Enable", true).with("Rollback", true);
    let targets =
        Node::map().with("ContainerName", "program").with("ContainerPort", PORT).with("TargetGroupArn", reference("Targets"));
    let service = Node::map()
        .with("Cluster", reference("Cluster"))
        .with("TaskDefinition", reference("Task"))
        .with("LaunchType", "FARGATE")
        .with("DesiredCount", reference("Tasks"))
        .with("DeploymentConfiguration", Node::map().with("DeploymentCircuitBreaker", breaker))
        .with("HealthCheckGracePeriodSeconds", 30_u64)
        .with("NetworkConfiguration", Node::map().with("AwsvpcConfiguration", place))
        .with("LoadBalancers", Node::list([targets]));
    let service = Node::map().with("Type", "AWS::ECS::Service").with("DependsOn", "Listener").with("Properties", service);
    parts.resource("Service", service);
    Ok(())
}

/// The least that Fargate has for what the largest function wants: CPU units, and MB of memory.
///
/// Source: [Task size](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html).
fn size(functions: &[Entry]) -> (u64, u64) {
    let wanted = functions.iter().filter_map(|function| function.memory_mb).max().map_or(512, u64::from);
    let memory = if wanted <= 512 { 512 } else { wanted.div_ceil(1024) * 1024 };
    let cpu = match memory {
        0..=2048 => 256,
        2049..=4096 => 512,
        4097..=8192 => 1024,
        _ => 2048,
    };
    (cpu, memory)
}
