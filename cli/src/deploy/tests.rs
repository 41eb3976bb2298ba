//! Stand-ins for the providers' tools, which write down what they were asked.
#![cfg(unix)]

use std::{
    fs,
    io::Write,
    path::PathBuf,
    process::{Command, Stdio},
};

use super::{artefacts::Artefacts, plan::Plan, settings::Settings, tools::Tools};
use crate::{failure::Failure, target::Target};

const DIGEST: &str = "sha256:aaaabbbbccccddddeeeeffff00001111aaaabbbbccccddddeeeeffff00001111";

/// A folder with what was written for a provider, and tools that record their arguments.
struct Stage {
    folder: PathBuf,
    artefacts: Artefacts,
}

impl Stage {
    fn new(test: &str, target: Target, files: &[&str], tools: &[&str]) -> Self {
        let folder = std::env::temp_dir().join(format!("polyfn-deploy-{}-{test}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("tools")).unwrap();
        let artefacts = Artefacts {
            manifests: folder.join("polyfn"),
            built: folder.join("built"),
            program: "shop".to_owned(),
            provider: target.as_str(),
            built_for: target.as_str(),
        };
        let stage = Self { folder, artefacts };
        for file in files {
            let index = format!(r#"{{"manifests":[{{"digest":"{DIGEST}"}}]}}"#);
            stage.write(
                file,
                if file.ends_with("index.json") {
                    &index
                } else if file.ends_with(".json") {
                    r#"{"parameters":{"subscribe":{}}}"#
                } else {
                    "image: ${IMAGE}\n"
                },
            );
        }
        for tool in tools {
            stage.tool(tool, "");
        }
        stage
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// A tool that writes down its variables, its arguments each on a line, and then does as told.
    fn tool(&self, name: &str, then: &str) {
        let log = self.folder.join("log");
        let script = format!(
            "#!/bin/sh\n{{ printf '= %s' {name}; printf ' <%s>' \"$@\"; \
             [ -z \"$IMAGE\" ] || printf ' PROJECT=%s REGION=%s IMAGE=%s' \"$PROJECT\" \"$REGION\" \"$IMAGE\"; echo; }} >>'{}'\n\
             case \"$*\" in *get-caller-identity*|*auth\\ list*|*account\\ show*|*/version*) echo you@example.com; exit 0;; esac\n{then}\n",
            log.display()
        );
        self.program(name, &script);
    }

    /// A program that is this script. Another process writes it: a file that one of this process's children has open for writing
    /// cannot be run.
    fn program(&self, name: &str, script: &str) {
        let path = self.folder.join("tools").join(name);
        let mut writer =
            Command::new("sh").args(["-c", "cat >\"$0\" && chmod 755 \"$0\""]).arg(path).stdin(Stdio::piped()).spawn().unwrap();
        writer.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
        assert!(writer.wait().unwrap().success());
    }

    fn tools(&self) -> Tools {
        Tools::new(self.folder.join("tools").into_os_string())
    }

    fn plan(&self, target: Target, settings: &Settings) -> Result<Plan, Failure> {
        Plan::new(target, &self.artefacts, settings, &self.tools())
    }

    /// Runs it; `Ok` is that all steps were run.
    fn run(&self, target: Target, settings: &Settings, check: Result<(), Failure>) -> Result<(), Failure> {
        let plan = self.plan(target, settings)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(plan.run(&self.tools(), async || check)).map(drop)
    }

    /// What the tools were asked, with `.` for the stage's own folder.
    fn log(&self) -> Vec<String> {
        let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        log.lines().map(|line| self.short(line.trim_start_matches("= "))).collect()
    }

    fn short(&self, text: &str) -> String {
        text.replace(self.folder.to_str().unwrap(), ".")
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

const AWS: [&str; 2] = ["polyfn/template.yaml", "built/shop/bootstrap.zip"];
const GCP: [&str; 3] = ["polyfn/deploy.sh", "built/shop/oci-layout", "built/shop/index.json"];
const AZURE: [&str; 2] = ["polyfn/azuredeploy.json", "built/shop.zip"];
const CONTAINER: [&str; 4] = ["polyfn/service.yaml", "polyfn/triggers.yaml", "built/shop/oci-layout", "built/shop/index.json"];

fn on_google() -> Settings {
    let text = |text: &str| Some(text.to_owned());
    Settings { project: text("my-shop"), region: text("europe-west1"), image: text("eu.example/my-shop"), ..Settings::default() }
}

fn on_azure(settings: Settings) -> Settings {
    Settings { resource_group: Some("g".into()), app: Some("my-shop".into()), ..settings }
}

fn given(parameters: &[&str]) -> Vec<String> {
    parameters.iter().map(|parameter| (*parameter).to_owned()).collect()
}

#[test]
fn sam_deploys_the_template() {
    let stage = Stage::new("sam", Target::Aws, &AWS, &["aws", "sam"]);
    let settings =
        Settings { region: Some("eu-central-1".into()), given: given(&["Stage=a b", "CARGO_PKG_NAME"]), ..Settings::default() };
    let plan = stage.plan(Target::Aws, &settings).unwrap();
    assert_eq!(
        stage.short(&plan.to_string()),
        "sam deploy --template-file ./polyfn/template.yaml --stack-name shop --capabilities CAPABILITY_IAM --resolve-s3 \
         --no-confirm-changeset --no-fail-on-empty-changeset --region eu-central-1 \
         --parameter-overrides \"CARGO_PKG_NAME=$CARGO_PKG_NAME\" 'Stage=a b'\n"
    );
    assert_eq!(stage.log(), [""; 0], "a plan runs nothing");
    stage.run(Target::Aws, &settings, Ok(())).unwrap();
    assert_eq!(
        stage.log(),
        [
            "aws <sts> <get-caller-identity> <--region> <eu-central-1>",
            "sam <deploy> <--template-file> <./polyfn/template.yaml> <--stack-name> <shop> <--capabilities> <CAPABILITY_IAM> \
             <--resolve-s3> <--no-confirm-changeset> <--no-fail-on-empty-changeset> <--region> <eu-central-1> \
             <--parameter-overrides> <CARGO_PKG_NAME=cargo-polyfn> <Stage=a b>",
        ]
    );
}

#[test]
fn aws_alone_needs_a_bucket_and_stops_at_what_fails() {
    let stage = Stage::new("aws", Target::Aws, &AWS, &["aws"]);
    let failure = stage.plan(Target::Aws, &Settings::default()).unwrap_err();
    assert!(failure.code() == 2 && failure.to_string().contains("`--bucket`"), "{failure}");
    let settings = Settings { bucket: Some("b".into()), stack: Some("s".into()), ..Settings::default() };
    stage.run(Target::Aws, &settings, Ok(())).unwrap();
    let all = [
        "aws <sts> <get-caller-identity>",
        "aws <cloudformation> <package> <--template-file> <./polyfn/template.yaml> <--s3-bucket> <b> <--output-template-file> \
         <./built/packaged.yaml>",
        "aws <cloudformation> <deploy> <--template-file> <./built/packaged.yaml> <--stack-name> <s> <--s3-bucket> <b> \
         <--capabilities> <CAPABILITY_IAM> <CAPABILITY_AUTO_EXPAND> <--no-fail-on-empty-changeset>",
    ];
    assert_eq!(stage.log(), all);
    fs::remove_file(stage.folder.join("log")).unwrap();
    stage.tool("aws", "exit 37");
    let failure = stage.run(Target::Aws, &settings, Ok(())).unwrap_err();
    assert_eq!(failure.code(), 37);
    assert_eq!(failure.to_string(), "`aws cloudformation package` failed (exit status: 37); the step after it was not run");
    assert_eq!(stage.log(), all[..2]);
}

#[test]
fn the_image_goes_before_googles_script() {
    let stage = Stage::new("gcp", Target::Gcp, &GCP, &["gcloud", "skopeo", "bash"]);
    let plan = stage.plan(Target::Gcp, &on_google()).unwrap();
    let image = format!("eu.example/my-shop@{DIGEST}");
    assert_eq!(
        stage.short(&plan.to_string()),
        format!(
            "skopeo copy --preserve-digests oci:./built/shop docker://eu.example/my-shop:aaaabbbbcccc\n\
             PROJECT=my-shop REGION=europe-west1 IMAGE={image} bash ./polyfn/deploy.sh\n"
        )
    );
    // What the functions read of their environment; what this command's own holds is there anyway.
    let more = Settings { given: given(&["TABLE=a b", "CARGO_PKG_NAME"]), ..on_google() };
    let plan = stage.plan(Target::Gcp, &more).unwrap().to_string();
    assert!(plan.contains(&format!("IMAGE={image} TABLE='a b' bash ")) && !plan.contains("cargo-polyfn"), "{plan}");
    stage.run(Target::Gcp, &on_google(), Ok(())).unwrap();
    let log = [
        "gcloud <auth> <list> <--filter=status:ACTIVE> <--format=value(account)>".to_owned(),
        "skopeo <copy> <--preserve-digests> <oci:./built/shop> <docker://eu.example/my-shop:aaaabbbbcccc>".to_owned(),
        format!("bash <./polyfn/deploy.sh> PROJECT=my-shop REGION=europe-west1 IMAGE={image}"),
    ];
    assert_eq!(stage.log(), log);
    for (setting, option) in [
        (Settings { given: given(&["IMAGE=mine"]), ..on_google() }, "no variable that the script takes"),
        (Settings { given: given(&["a b=1"]), ..on_google() }, "no variable that the script takes"),
        (Settings { project: None, ..on_google() }, "`--project`"),
        (Settings { region: None, ..on_google() }, "`--region`"),
        (Settings { image: None, ..on_google() }, "`--image`"),
        (Settings { image: Some("eu.example/shop:1".into()), ..on_google() }, "without a tag"),
    ] {
        let failure = stage.plan(Target::Gcp, &setting).unwrap_err();
        assert!(failure.code() == 2 && failure.to_string().contains(option), "{failure}");
    }
}

#[test]
fn the_resources_are_there_before_the_functions_of_azure() {
    let stage = Stage::new("azure", Target::Azure, &AZURE, &["az"]);
    let failure = stage.plan(Target::Azure, &Settings::default()).unwrap_err();
    assert!(failure.code() == 2 && failure.to_string().contains("`--resource-group`"), "{failure}");
    let settings = Settings {
        resource_group: Some("g".into()),
        app: Some("my-shop".into()),
        given: given(&["location=westeurope"]),
        ..Settings::default()
    };
    stage.run(Target::Azure, &settings, Ok(())).unwrap();
    assert_eq!(
        stage.log(),
        [
            "az <account> <show> <--query> <id> <--output> <tsv>",
            "az <deployment> <group> <create> <--resource-group> <g> <--name> <my-shop> <--template-file> <./polyfn/azuredeploy.json> \
             <--parameters> <name=my-shop> <location=westeurope>",
            "az <functionapp> <deployment> <source> <config-zip> <--resource-group> <g> <--name> <my-shop> <--src> <./built/shop.zip>",
            // Only now do the functions answer Event Grid.
            "az <deployment> <group> <create> <--resource-group> <g> <--name> <my-shop> <--template-file> <./polyfn/azuredeploy.json> \
             <--parameters> <name=my-shop> <location=westeurope> <subscribe=true>",
        ]
    );
    // A program that is split is a function app for each function.
    stage.write("polyfn/azuredeploy.json", r#"{"parameters":{}}"#);
    stage.write("built/mail.zip", "");
    let plan = stage.plan(Target::Azure, &settings).unwrap().to_string();
    let apps: Vec<_> = plan.lines().filter_map(|line| line.split("config-zip ").nth(1)).map(|line| stage.short(line)).collect();
    assert_eq!(
        apps,
        [
            "--resource-group g --name my-shop-mail --src ./built/mail.zip",
            "--resource-group g --name my-shop-shop --src ./built/shop.zip"
        ]
    );
    assert_eq!(plan.lines().count(), 3, "{plan}");
}

#[test]
fn the_images_of_a_program_that_is_split_are_told_apart_by_their_units() {
    let stage = Stage::new("units", Target::Gcp, &[&GCP[..], &["built/mail/oci-layout"]].concat(), &["gcloud", "skopeo", "bash"]);
    let other = DIGEST.replace("aaaabbbbcccc", "aaaabbbbcccd");
    stage.write("built/mail/index.json", &format!(r#"{{"manifests":[{{"digest":"{other}"}}]}}"#));
    let failure = stage.plan(Target::Gcp, &on_google()).unwrap_err();
    assert!(failure.code() == 2 && failure.to_string().contains("write `{unit}` in `--image`"), "{failure}");
    let settings = Settings { image: Some("eu.example/{unit}".into()), ..on_google() };
    let plan = stage.plan(Target::Gcp, &settings).unwrap().to_string();
    assert_eq!(
        stage.short(&plan),
        "skopeo copy --preserve-digests oci:./built/mail docker://eu.example/mail:55577779999f\n\
         skopeo copy --preserve-digests oci:./built/shop docker://eu.example/shop:55577779999f\n\
         PROJECT=my-shop REGION=europe-west1 IMAGE='eu.example/{unit}:55577779999f' bash ./polyfn/deploy.sh\n"
    );
}

#[test]
fn what_the_manifests_do_not_name_is_not_deployed() {
    let built: Vec<_> = ["other", "shop", "add_one", "mail"]
        .iter()
        .flat_map(|unit| ["bootstrap.zip", "oci-layout", "index.json"].map(|file| format!("built/{unit}/{file}")))
        .chain(["other", "shop", "add_one", "mail"].map(|unit| format!("built/{unit}.zip")))
        .collect();
    let built: Vec<_> = built.iter().map(String::as_str).collect();
    let settings = on_azure(Settings { image: Some("eu.example/{unit}".into()), ..on_google() });
    let units = |target: Target, manifest: &str, text: &str, end: &str| {
        let stage = Stage::new(&format!("named-{}-{}", target.as_str(), text.len()), target, &built, &["sam"]);
        stage.write(manifest, text);
        let plan = stage.plan(target, &settings).unwrap().to_string();
        let lines =
            plan.lines().filter(|line| line.contains(end)).map(|line| stage.short(line).rsplit(' ').next().unwrap().to_owned());
        (lines.collect::<Vec<_>>(), plan)
    };
    let service = |unit: &str| format!("service x.yaml \"${{IMAGE//\\{{unit\\}}/{unit}}}\" TABLE\n");
    let (pushed, _) = units(Target::Gcp, "polyfn/deploy.sh", &service("shop"), "skopeo");
    assert_eq!(pushed, ["docker://eu.example/shop:aaaabbbbcccc"]);
    let (pushed, _) = units(Target::Gcp, "polyfn/deploy.sh", &(service("mail") + &service("add_one")), "skopeo");
    assert!(pushed.len() == 2 && pushed[0].contains("/mail:") && pushed[1].contains("/add_one:"), "{pushed:?}");

    let container = |name: &str| {
        format!("      \"name\": \"[format('{{0}}/{{1}}/{{2}}', variables('storage'), 'default', 'package{name}')]\"\n")
    };
    let template = |names: &[&str]| {
        format!("{{\"resources\": [{{\n{}}}]}}", names.iter().map(|name| container(name)).collect::<Vec<_>>().join("}, {\n"))
    };
    let (zips, plan) = units(Target::Azure, "polyfn/azuredeploy.json", &template(&[""]), "config-zip");
    assert!(zips == ["./built/shop.zip"] && plan.contains(" --name my-shop --src"), "{plan}");
    let (zips, plan) = units(Target::Azure, "polyfn/azuredeploy.json", &template(&["-mail", "-add-one"]), "config-zip");
    assert_eq!(zips, ["./built/mail.zip", "./built/add_one.zip"]);
    assert!(plan.contains(" --name my-shop-mail ") && plan.contains(" --name my-shop-add-one "), "{plan}");

    let (_, plan) = units(Target::Aws, "polyfn/template.yaml", "      CodeUri: '../built/shop/bootstrap.zip'\n", "sam");
    assert!(plan.contains(" --stack-name shop "), "{plan}");
    let (images, _) = units(Target::Container, "polyfn/service.yaml", "image: ${IMAGE}\n", "skopeo");
    assert_eq!(images, ["docker://eu.example/shop:aaaabbbbcccc"]);
}

#[test]
fn what_the_manifests_name_has_to_be_where_they_say() {
    let stage = Stage::new("named-missing", Target::Aws, &AWS, &["sam"]);
    let told = |way: &str| {
        stage.write("polyfn/template.yaml", &format!("      CodeUri: '{way}/bootstrap.zip'\n"));
        stage.short(&stage.plan(Target::Aws, &Settings::default()).unwrap_err().to_string())
    };
    assert_eq!(
        told("../built/mail"),
        "there is no ./built/mail/bootstrap.zip; first run `cargo polyfn build --split --provider aws`"
    );
    assert_eq!(
        told("../target/shop"),
        "./polyfn/template.yaml takes its program from ./target/shop/bootstrap.zip, and it was built into \
         ./built/shop/bootstrap.zip; say with `cargo polyfn build --provider aws --out ./target` where it goes"
    );
    let stage = Stage::new("named-other", Target::Container, &[CONTAINER[0], "built/other/oci-layout"], &[]);
    let failure = stage.plan(Target::Container, &on_google()).unwrap_err().to_string();
    assert!(failure.contains("built/shop/oci-layout; first run `cargo polyfn build --provider container`"), "{failure}");
}

#[test]
fn fargate_gets_the_image_that_every_container_is() {
    let mut stage = Stage::new("fargate", Target::Aws, &["polyfn/fargate.yaml"], &["aws", "sam", "skopeo"]);
    stage.artefacts.built_for = "container";
    let settings = Settings { fargate: true, given: given(&["VpcId=vpc-1"]), ..on_google() };
    let missing = stage.plan(Target::Aws, &settings).unwrap_err().to_string();
    assert!(missing.ends_with("first run `cargo polyfn build --provider container`"), "{missing}");
    for file in &CONTAINER[2..] {
        stage.write(file, &format!(r#"{{"manifests":[{{"digest":"{DIGEST}"}}]}}"#));
    }
    stage.run(Target::Aws, &settings, Ok(())).unwrap();
    assert_eq!(
        stage.log()[1..],
        [
            "skopeo <copy> <--preserve-digests> <oci:./built/shop> <docker://eu.example/my-shop:aaaabbbbcccc>".to_owned(),
            format!(
                "aws <cloudformation> <deploy> <--template-file> <./polyfn/fargate.yaml> <--stack-name> <shop-fargate> \
                 <--capabilities> <CAPABILITY_IAM> <--no-fail-on-empty-changeset> <--region> <europe-west1> \
                 <--parameter-overrides> <Image=eu.example/my-shop@{DIGEST}> <VpcId=vpc-1>"
            ),
        ]
    );
    let failure = stage.plan(Target::Gcp, &settings).unwrap_err();
    assert!(failure.code() == 2 && failure.to_string().contains("`--provider aws`"), "{failure}");
}

#[test]
fn a_cluster_gets_the_service_with_its_image_and_then_the_triggers() {
    let stage = Stage::new("container", Target::Container, &CONTAINER, &["skopeo"]);
    stage.tool("kubectl", &format!("case \"$*\" in *\" -\") cat >>'{}/applied';; esac", stage.folder.display()));
    let failure = stage.plan(Target::Container, &Settings::default()).unwrap_err();
    assert!(failure.code() == 2 && failure.to_string().contains("`--image`"), "{failure}");
    let failure = stage.plan(Target::Container, &Settings { given: given(&["A=1"]), ..on_google() }).unwrap_err();
    assert!(failure.code() == 2 && failure.to_string().contains("ConfigMaps"), "{failure}");
    let settings = Settings { image: Some("r.example/shop".into()), context: Some("test".into()), ..Settings::default() };
    let plan = stage.plan(Target::Container, &settings).unwrap().to_string();
    let sed = format!(
        "sed 's|${{IMAGE}}|r.example/shop@{DIGEST}|g' ./polyfn/service.yaml | kubectl --context test apply --filename -\n"
    );
    assert!(stage.short(&plan).contains(&sed), "{plan}");
    stage.run(Target::Container, &settings, Ok(())).unwrap();
    assert_eq!(
        stage.log(),
        [
            "kubectl <--context> <test> <get> <--raw> </version>",
            "skopeo <copy> <--preserve-digests> <oci:./built/shop> <docker://r.example/shop:aaaabbbbcccc>",
            "kubectl <--context> <test> <apply> <--filename> <->",
            "kubectl <--context> <test> <apply> <--filename> <./polyfn/triggers.yaml>",
        ]
    );
    assert_eq!(fs::read_to_string(stage.folder.join("applied")).unwrap(), format!("image: r.example/shop@{DIGEST}\n"));
}

#[test]
fn what_was_not_made_is_told_with_the_command_that_makes_it() {
    for (target, files) in [(Target::Aws, &AWS[..]), (Target::Gcp, &GCP), (Target::Azure, &AZURE)] {
        let stage = Stage::new(&format!("nothing-{}", target.as_str()), target, &[], &[]);
        let told = |stage: &Stage| stage.plan(target, &on_google()).unwrap_err().to_string();
        assert!(
            told(&stage).ends_with(&format!("first run `cargo polyfn manifest --provider {}`", target.as_str())),
            "{}",
            told(&stage)
        );
        stage.write(files[0], "");
        assert!(
            told(&stage).ends_with(&format!("first run `cargo polyfn build --provider {}`", target.as_str())),
            "{}",
            told(&stage)
        );
    }
    let stage = Stage::new("several", Target::Container, &[CONTAINER[0], "built/a/oci-layout", "built/b/oci-layout"], &[]);
    let failure = stage.plan(Target::Container, &on_google()).unwrap_err().to_string();
    assert!(failure.contains("holds several units, a, b"), "{failure}");
}

#[test]
fn a_tool_that_is_not_there_or_nobody_logged_in_is_one_line() {
    let tools = [
        (Target::Aws, "sam", "aws"),
        (Target::Gcp, "skopeo", "gcloud"),
        (Target::Azure, "az", "az"),
        (Target::Container, "skopeo", "kubectl"),
    ];
    for (target, missing, login) in tools {
        let files = [&AWS[..], &GCP, &AZURE, &CONTAINER].concat();
        let stage = Stage::new(
            &format!("login-{}", target.as_str()),
            target,
            &files,
            &["aws", "sam", "gcloud", "skopeo", "bash", "az", "kubectl"],
        );
        let settings = on_azure(on_google());
        stage.program(login, "#!/bin/sh\necho token-123; exit 1\n");
        let failure = stage.run(target, &settings, Ok(())).unwrap_err();
        let text = failure.to_string();
        assert!(failure.code() == 1 && text.lines().count() == 1 && text.contains("; ") && !text.contains("token"), "{text}");
        assert_eq!(stage.log(), [""; 0], "{target:?}");
        stage.program(login, "#!/bin/sh\nexit 0\n");
        let unheard = stage.run(target, &settings, Ok(())).unwrap_err().to_string();
        assert_eq!(unheard, text, "an empty answer is nobody");
        fs::remove_file(stage.folder.join("tools").join(missing)).unwrap();
        if missing == "sam" {
            fs::remove_file(stage.folder.join("tools/aws")).unwrap();
        }
        let failure = stage.run(target, &settings, Ok(())).unwrap_err();
        assert!(failure.code() == 1 && failure.to_string().starts_with("there is no `"), "{failure}");
    }
}

#[test]
fn what_the_check_refuses_is_not_deployed() {
    let stage = Stage::new("refused", Target::Azure, &AZURE, &["az"]);
    let settings = on_azure(Settings::default());
    let failure = stage.run(Target::Azure, &settings, Err(Failure::new("refused"))).unwrap_err();
    assert_eq!(failure.to_string(), "refused");
    assert_eq!(stage.log(), ["az <account> <show> <--query> <id> <--output> <tsv>"]);
}

#[test]
fn cargo_toml_says_what_is_the_same_every_time() {
    let metadata =
        serde_json::json!({"polyfn": {"deploy": {"aws": {"region": "a", "stack": "s", "parameters": {"B": "2", "A": "1"}}}}});
    let said = Settings::read(Some(&metadata), "aws").unwrap();
    let given = Settings { region: Some("b".into()), given: given(&["A=3"]), ..Settings::default() };
    let all = given.or(said);
    assert_eq!((all.region.as_deref(), all.stack.as_deref()), (Some("b"), Some("s")));
    let parameters: Vec<_> = all.parameters().unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(parameters, ["A=3", "B=2"]);
    assert!(Settings::read(Some(&metadata), "gcp").unwrap().region.is_none());
    let wrong = serde_json::json!({"polyfn": {"deploy": {"aws": {"regional": "a"}}}});
    let failure = Settings::read(Some(&wrong), "aws").unwrap_err();
    assert!(failure.code() == 2 && failure.to_string().contains("unknown field `regional`"), "{failure}");
}
