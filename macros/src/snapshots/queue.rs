async fn fulfil(order: Json<Order>, db: State<Db>) -> impl Reply {}
#[doc(hidden)]
#[allow(dead_code)]
struct fulfil {}
const _: () = {
    const _: () = renamed::inner::__private::the_only_provider_must_be_able(
        renamed::inner::__private::Kind::Queue,
        "orders",
        renamed::inner::__private::Ask::Batch(10u32),
    );
    #[automatically_derived]
    impl renamed::inner::__private::Register for fulfil {
        const SAID: renamed::inner::__private::Said<'static> = renamed::inner::__private::Said {
            members: "\"name\":\"fulfil-orders\",\"trigger\":\"queue\",\"resource\":\"orders\",\"batch\":10",
            module: ::core::module_path!(),
            file: ::core::file!(),
            line: ::core::line!(),
            batches: <Json<
                Order,
            > as renamed::inner::__private::Payload<
                renamed::inner::__private::trigger::Queue,
            >>::BATCH,
            replies: "",
            native: &[
                <Json<
                    Order,
                > as renamed::inner::__private::Payload<
                    renamed::inner::__private::trigger::Queue,
                >>::NATIVE,
            ],
        };
        fn register() -> renamed::inner::__private::Registered {
            renamed::inner::__private::asynchronous::<
                renamed::inner::__private::trigger::Queue,
                _,
                _,
            >(
                renamed::inner::__private::Description {
                    name: "fulfil-orders",
                    module: ::core::module_path!(),
                    doc: "",
                    binding: renamed::inner::__private::Binding::Resource {
                        kind: renamed::inner::__private::Kind::Queue,
                        name: "orders",
                        filter: renamed::inner::__private::Filter {
                            on: &[],
                            prefix: "",
                            suffix: "",
                            source: "",
                        },
                    },
                    public: false,
                    settings: renamed::inner::__private::Settings {
                        batch: ::core::option::Option::Some(10u32),
                        ..::core::default::Default::default()
                    },
                    replies: Self::SAID.replies,
                    sample: ::core::default::Default::default(),
                },
                |__about: &mut renamed::inner::__private::About| {
                    <Json<
                        Order,
                    > as renamed::inner::__private::Payload<
                        renamed::inner::__private::trigger::Queue,
                    >>::describe(__about);
                    <State<
                        Db,
                    > as renamed::inner::__private::FromContext>::describe(__about);
                },
                |
                    mut __event: renamed::inner::__private::Event,
                    __cx: renamed::inner::__private::Context|
                async move {
                    let __p0 = match <Json<
                        Order,
                    > as renamed::inner::__private::Payload<
                        renamed::inner::__private::trigger::Queue,
                    >>::decode(&mut __event, &__cx) {
                        ::core::result::Result::Ok(__value) => __value,
                        ::core::result::Result::Err(__rejection) => {
                            return renamed::inner::__private::reject::<
                                renamed::inner::__private::trigger::Queue,
                            >(__rejection);
                        }
                    };
                    let __p1 = match <State<
                        Db,
                    > as renamed::inner::__private::FromContext>::from_context(
                        &__event,
                        &__cx,
                    ) {
                        ::core::result::Result::Ok(__value) => __value,
                        ::core::result::Result::Err(__rejection) => {
                            return renamed::inner::__private::reject::<
                                renamed::inner::__private::trigger::Queue,
                            >(__rejection);
                        }
                    };
                    let __returned = renamed::inner::__private::the_future_of_a_function_must_be_send(
                            fulfil(__p0, __p1),
                        )
                        .await;
                    use renamed::inner::__private::Plain as _;
                    renamed::inner::__private::reply::<
                        renamed::inner::__private::trigger::Queue,
                        _,
                        _,
                    >(renamed::inner::__private::Returned(__returned).split())
                },
            )
        }
    }
};
