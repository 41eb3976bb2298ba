#!/usr/bin/env bash
# Deploys `shop` to Google Cloud: its services, what triggers them, and the accounts that may call them.
#
# Written by `cargo polyfn manifest --provider gcp`, which writes it anew; settings of your own belong into overlay.yaml.
# Run it after every build: what is there already is brought up to date.
#
#   PROJECT=my-project REGION=europe-west1 \
#     IMAGE=europe-west1-docker.pkg.dev/my-project/shop/shop:1.2.0 bash deploy.sh
#
# Note: `tell`: Google Cloud delivers events one by one; remove `batch`
# Note: `index`: Google Cloud delivers events one by one; remove `batch`
# Note: `count`: Google Cloud delivers events one by one; remove `batch`
# Note: `hello`: is `public`, but `shop` has functions that are not, so it is closed as a whole; write the manifests with `--split`
# Note: `notify`: `retries = 0` needs a gcloud that knows `eventarc triggers create --max-retry-attempts`; older ones refuse it
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

# What you set: all of it, or nothing is done.
missing=0
need() { # variable, what it is
  [[ -n ${!1:-} ]] && return
  printf 'set %s: %s\n' "$1" "$2" >&2
  missing=1
}
need PROJECT 'the id of the project'
need REGION 'where it runs, such as europe-west1'
need IMAGE 'the image in its registry'
need TABLE 'a variable of refund'
need MODE 'a variable of fulfil'
need LOGINS_SERVICE 'of which service logins hears, such as bigquery.googleapis.com'
need LOGINS_METHOD 'of which method logins hears, such as google.cloud.bigquery.v2.JobService.InsertJob'
((missing == 0)) || exit 2
[[ $PROJECT =~ ^[a-z][a-z0-9-]+$ ]] || { printf 'PROJECT: %s is no id of a project\n' "$PROJECT" >&2; exit 2; }
[[ $IMAGE =~ ^[A-Za-z0-9][A-Za-z0-9._/:@{}-]*$ ]] || { printf 'IMAGE: %s is no name of an image\n' "$IMAGE" >&2; exit 2; }
DATABASE=${DATABASE:-(default)} # of Firestore

# gcloud, in the project and without questions.
cloud() {
  gcloud --project="$PROJECT" --quiet "$@"
}

# Whether something is there.
exists() { # the words of gcloud that describe it
  cloud "$@" >/dev/null 2>&1
}

# A service account, made if it is not there.
account() { # its id, what it is for
  exists iam service-accounts describe "$1@$PROJECT.iam.gserviceaccount.com" ||
    cloud iam service-accounts create "$1" --display-name="$2"
}

# Lets an account read a secret, which you have made.
secret() { # secret, account
  exists secrets describe "$1" || {
    printf 'there is no secret %s; make it: gcloud secrets create %s --project=%s --data-file=-\n' "$1" "$1" "$PROJECT" >&2
    exit 1
  }
  cloud secrets add-iam-policy-binding "$1" --member="serviceAccount:$2" --role=roles/secretmanager.secretAccessor >/dev/null
}

# A text as it stands in YAML, in double quotes.
quoted() { # text
  local text=$1
  text=${text//\\/\\\\}
  text=${text//\"/\\\"}
  # Or it would be taken for the name of another variable.
  text=${text//\$/\\x24}
  text=${text//$'\n'/\\n}
  text=${text//$'\r'/\\r}
  text=${text//$'\t'/\\t}
  printf '"%s"' "$text"
}

# A service, made or brought up to date from its description.
service() { # description, image, variables that the description names...
  local text name
  text=$(<"$1")
  text=${text//\$\{PROJECT\}/"$PROJECT"}
  text=${text//\$\{IMAGE\}/"$2"}
  for name in "${@:3}"; do
    text=${text//"'\${$name}'"/"\${$name}"}
    text=${text//"\${$name}"/"$(quoted "${!name}")"}
  done
  printf '%s\n' "$text" | cloud run services replace - --region="$REGION"
}

# Where a service is reached.
address() { # service
  cloud run services describe "$1" --region="$REGION" --format='value(status.url)'
}

# Lets somebody call a service.
let_call() { # service, who
  cloud run services add-iam-policy-binding "$1" --region="$REGION" --member="$2" --role=roles/run.invoker >/dev/null
}

# Lets nobody call a service who does not say who it is, also where that was allowed before.
closed() { # service
  cloud run services remove-iam-policy-binding "$1" --region="$REGION" --member=allUsers --role=roles/run.invoker >/dev/null 2>&1 || true
}

# Lets somebody do something in the whole project.
let_in_project() { # who, role
  cloud projects add-iam-policy-binding "$PROJECT" --member="$1" --role="$2" --condition=None >/dev/null
}

# Lets somebody act in the name of the account that calls the services.
let_sign() { # who
  cloud iam service-accounts add-iam-policy-binding "$invoker" --member="$1" --role=roles/iam.serviceAccountTokenCreator >/dev/null
}

# A topic, made if it is not there.
topic() { # topic
  exists pubsub topics describe "$1" || cloud pubsub topics create "$1"
}

# How long a subscription waits for an answer, and after how many deliveries a message goes to the dead letters.
settle() { # subscription, its dead letters, seconds, deliveries or 0 for no end
  if (($4 == 0)); then
    cloud pubsub subscriptions update "$1" --ack-deadline="$3" --clear-dead-letter-policy
    return
  fi
  topic "$2"
  # What keeps them: a topic alone forgets.
  exists pubsub subscriptions describe "$2" ||
    cloud pubsub subscriptions create "$2" --topic="$2" --expiration-period=never --message-retention-duration=31d
  cloud pubsub topics add-iam-policy-binding "$2" --member="$pubsub" --role=roles/pubsub.publisher >/dev/null
  cloud pubsub subscriptions update "$1" --ack-deadline="$3" --dead-letter-topic="$2" --max-delivery-attempts="$4"
  cloud pubsub subscriptions add-iam-policy-binding "$1" --member="$pubsub" --role=roles/pubsub.subscriber >/dev/null
}

# A subscription that pushes each message of a topic to a service. The topic stands in the path, since a push does not name it.
push() { # subscription, topic, the service's address, ordered or unordered, seconds, deliveries
  local settings=(
    --push-endpoint="$3/projects/$PROJECT/topics/$2"
    --push-auth-service-account="$invoker"
    --push-auth-token-audience="$3"
    --min-retry-delay=10s
    --max-retry-delay=600s
  )
  topic "$2"
  if exists pubsub subscriptions describe "$1"; then
    # Order is for a new subscription to have: delete one that lacks it.
    cloud pubsub subscriptions update "$1" "${settings[@]}"
  else
    [[ $4 == unordered ]] || settings+=(--enable-message-ordering)
    cloud pubsub subscriptions create "$1" --topic="$2" --expiration-period=never "${settings[@]}"
  fi
  settle "$1" "$1-dead-letter" "$5" "$6"
}

# A trigger of Eventarc, and the subscription behind it.
trigger() { # trigger, location, service, seconds, deliveries or 0 for no end, filters...
  local setting subscription deliveries=$5 settings=(
    --location="$2"
    --destination-run-service="$3"
    --destination-run-region="$REGION"
    --service-account="$invoker"
  )
  if ((deliveries == 1)); then
    # Pub/Sub has no fewer than five, Eventarc has one.
    settings+=(--max-retry-attempts=1)
    deliveries=0
  fi
  if exists eventarc triggers describe "$1" --location="$2"; then
    for setting in "${@:6}"; do
      # A trigger keeps its channel and its topic.
      [[ $setting == --channel=* || $setting == --transport-topic=* ]] || settings+=("$setting")
    done
    cloud eventarc triggers update "$1" "${settings[@]}"
  else
    cloud eventarc triggers create "$1" "${settings[@]}" "${@:6}"
  fi
  subscription=$(cloud eventarc triggers describe "$1" --location="$2" --format='value(transport.pubsub.subscription)')
  settle "${subscription##*/}" "$1-dead-letter" "$4" "$deliveries"
}

# A channel for events of your own, made if it is not there.
channel() { # channel
  exists eventarc channels describe "$1" --location="$REGION" ||
    cloud eventarc channels create "$1" --location="$REGION"
}

# Where a bucket is; a trigger has to be there too.
bucket_location() { # bucket
  cloud storage buckets describe "gs://$1" --format='value(location)' | tr '[:upper:]' '[:lower:]'
}

# A job of Cloud Scheduler, in UTC.
job() { # job, the service's address, cron expression, seconds, how often it is tried again
  local settings=(
    --location="$REGION"
    --schedule="$3"
    --time-zone=Etc/UTC
    --uri="$2/"
    --http-method=post
    --oidc-service-account-email="$invoker"
    --oidc-token-audience="$2"
    --attempt-deadline="$4s"
    --max-retry-attempts="$5"
  )
  if exists scheduler jobs describe "$1" --location="$REGION"; then
    cloud scheduler jobs update http "$1" "${settings[@]}"
  else
    cloud scheduler jobs create http "$1" "${settings[@]}"
  fi
}

# A queue of Cloud Tasks, whose tasks all go to a service, whatever address they were given.
queue() { # queue, the service's address, deliveries
  local settings=(
    --location="$REGION"
    --http-uri-override="scheme:https,host:${2#https://},path:/,mode:ALWAYS"
    --http-method-override=post
    --http-oidc-service-account-email-override="$invoker"
    --http-oidc-token-audience-override="$2"
    --max-attempts="$3"
  )
  if exists tasks queues describe "$1" --location="$REGION"; then
    cloud tasks queues update "$1" "${settings[@]}"
  else
    cloud tasks queues create "$1" "${settings[@]}"
  fi
}

# The interfaces of Google's that it uses.
cloud services enable \
  run.googleapis.com \
  iam.googleapis.com \
  secretmanager.googleapis.com \
  pubsub.googleapis.com \
  eventarc.googleapis.com \
  firestore.googleapis.com \
  cloudscheduler.googleapis.com \
  cloudtasks.googleapis.com

# Who calls the services for the sources of events: the only account that may, unless you name others.
account shop-invoker 'calls the functions of shop'
invoker="shop-invoker@$PROJECT.iam.gserviceaccount.com"
number=$(cloud projects describe "$PROJECT" --format='value(projectNumber)')
pubsub="serviceAccount:service-$number@gcp-sa-pubsub.iam.gserviceaccount.com"
# Pub/Sub signs in the name of that account.
let_sign "$pubsub"
# Triggers of Eventarc hand their events to that account.
let_in_project "serviceAccount:$invoker" roles/eventarc.eventReceiver
# Cloud Storage tells of objects through Pub/Sub.
let_in_project "serviceAccount:$(cloud storage service-agent)" roles/pubsub.publisher
# Where you publish events of your own.
channel shop-events

# The service shop. It may do nothing but read its secrets; give its account what else the code does.
account shop-runtime 'runs shop'
secret STRIPE_KEY "shop-runtime@$PROJECT.iam.gserviceaccount.com"
service service.yaml "${IMAGE//\{unit\}/shop}" TABLE MODE
closed shop
let_call shop "serviceAccount:$invoker"
url=$(address shop)

# fulfil: queue `orders`
# How long it waits for an answer, each task says itself.
queue orders "$url" 4

# ship: queue `shipments`
push shop-ship shipments "$url" ordered 300 0

# tell: topic `news`
push shop-tell news "$url" ordered 300 5

# notify: topic `alerts`
topic alerts
trigger shop-notify "$REGION" shop 300 1 --transport-topic="projects/$PROJECT/topics/"alerts \
  --event-filters=type=google.cloud.pubsub.topic.v1.messagePublished

# thumbnail: object `uploads`
# Keys are the function's own to choose: Eventarc filters by bucket alone.
location=$(bucket_location uploads)
trigger shop-thumbnail-created "$location" shop 300 6 \
  --event-filters=type=google.cloud.storage.object.v1.finalized --event-filters=bucket=uploads

# sweep: object `archive`
location=$(bucket_location archive)
trigger shop-sweep-created "$location" shop 300 0 \
  --event-filters=type=google.cloud.storage.object.v1.finalized --event-filters=bucket=archive
trigger shop-sweep-deleted "$location" shop 300 0 \
  --event-filters=type=google.cloud.storage.object.v1.deleted --event-filters=bucket=archive

# nightly: schedule `0 5 * * 1-7`
job nightly "$url" '0 5 * * 1-7' 300 2

# index: change `catalogue`
# A function that writes to the collection it hears of calls itself without end.
location=$(cloud firestore databases describe --database="$DATABASE" --format='value(locationId)')
trigger shop-index "$location" shop 300 0 --event-data-content-type=application/protobuf \
  --event-filters=type=google.cloud.firestore.document.v1.written \
  --event-filters=database="$DATABASE" '--event-filters-path-pattern=document=catalogue/{document}'

# count: stream `clicks`
push shop-count clicks "$url" ordered 62 11

# paid: event `order.paid`
trigger shop-paid "$REGION" shop 300 7 --channel="projects/$PROJECT/locations/$REGION/channels/shop-events" \
  --event-filters=type=order.paid

# logins: event `google.cloud.audit.log.v1.written`
trigger shop-logins "$REGION" shop 300 0 \
  --event-filters=type=google.cloud.audit.log.v1.written \
  --event-filters=serviceName="$LOGINS_SERVICE" --event-filters=methodName="$LOGINS_METHOD"

printf 'shop: %s\n' "$(address shop)"
# Nobody else may call it yet:
#   gcloud run services add-iam-policy-binding shop --region="$REGION" --member=user:you@example.com --role=roles/run.invoker
