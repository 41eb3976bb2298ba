fn count(click: Json<Click>, cx: Context) {}
#[doc(hidden)]
#[allow(dead_code)]
struct count {}
const _: () = {
    const _: () = ::polyfn::__private::the_only_provider_must_be_able(
        ::polyfn::__private::Kind::Stream,
        "clicks",
        ::polyfn::__private::Ask::Ordered,
    );
    const _: () = ::polyfn::__private::the_only_provider_must_be_able(
        ::polyfn::__private::Kind::Stream,
        "clicks",
        ::polyfn::__private::Ask::Batch(10u32),
    );
    const _: () = ::polyfn::__private::the_only_provider_must_be_able(
        ::polyfn::__private::Kind::Stream,
        "clicks",
        ::polyfn::__private::Ask::Retries(3u32),
    );
    const _: () = ::polyfn::__private::the_only_provider_must_be_able(
        ::polyfn::__private::Kind::Stream,
        "clicks",
        ::polyfn::__private::Ask::Timeout(::core::time::Duration::from_millis(30000u64)),
    );
    #[automatically_derived]
    impl ::polyfn::__private::Register for count {
        const SAID: ::polyfn::__private::Said<'static> = ::polyfn::__private::Said {
            members: "\"name\":\"count\",\"trigger\":\"stream\",\"resource\":\"clicks\",\"concurrency\":2,\"ordered\":true,\"batch\":10,\"retries\":3,\"timeout_ms\":30000,\"on_malformed\":\"drop\"",
            module: ::core::module_path!(),
            file: ::core::file!(),
            line: ::core::line!(),
            batches: <Json<
                Click,
            > as ::polyfn::__private::Payload<
                ::polyfn::__private::trigger::Stream,
            >>::BATCH,
            replies: {
                use ::polyfn::__private::ProbeElse as _;
                ::polyfn::__private::Probe::<
                    ::polyfn::__private::trigger::Stream,
                    (),
                >::REPLIES
            },
            native: &[
                <Json<
                    Click,
                > as ::polyfn::__private::Payload<
                    ::polyfn::__private::trigger::Stream,
                >>::NATIVE,
            ],
        };
        fn register() -> ::polyfn::__private::Registered {
            ::polyfn::__private::blocking::<
                ::polyfn::__private::trigger::Stream,
                _,
            >(
                ::polyfn::__private::Description {
                    name: "count",
                    module: ::core::module_path!(),
                    doc: "",
                    binding: ::polyfn::__private::Binding::Resource {
                        kind: ::polyfn::__private::Kind::Stream,
                        name: "clicks",
                        filter: ::polyfn::__private::Filter {
                            on: &[],
                            prefix: "",
                            suffix: "",
                            source: "",
                        },
                    },
                    public: false,
                    settings: ::polyfn::__private::Settings {
                        concurrency: ::core::option::Option::Some(2u32),
                        ordered: true,
                        batch: ::core::option::Option::Some(10u32),
                        retries: ::core::option::Option::Some(3u32),
                        timeout: ::core::option::Option::Some(
                            ::core::time::Duration::from_millis(30000u64),
                        ),
                        on_malformed: ::polyfn::__private::Malformed::Drop,
                    },
                    replies: Self::SAID.replies,
                    sample: ::core::default::Default::default(),
                },
                |__about: &mut ::polyfn::__private::About| {
                    <Json<
                        Click,
                    > as ::polyfn::__private::Payload<
                        ::polyfn::__private::trigger::Stream,
                    >>::describe(__about);
                    <Context as ::polyfn::__private::FromContext>::describe(__about);
                },
                |
                    mut __event: ::polyfn::__private::Event,
                    __cx: ::polyfn::__private::Context|
                {
                    let __p0 = match <Json<
                        Click,
                    > as ::polyfn::__private::Payload<
                        ::polyfn::__private::trigger::Stream,
                    >>::decode(&mut __event, &__cx) {
                        ::core::result::Result::Ok(__value) => __value,
                        ::core::result::Result::Err(__rejection) => {
                            return ::polyfn::__private::give_up(__rejection);
                        }
                    };
                    let __p1 = match <Context as ::polyfn::__private::FromContext>::from_context(
                        &__event,
                        &__cx,
                    ) {
                        ::core::result::Result::Ok(__value) => __value,
                        ::core::result::Result::Err(__rejection) => {
                            return ::polyfn::__private::reject::<
                                ::polyfn::__private::trigger::Stream,
                            >(__rejection);
                        }
                    };
                    let __returned = count(__p0, __p1);
                    use ::polyfn::__private::Plain as _;
                    ::polyfn::__private::reply::<
                        ::polyfn::__private::trigger::Stream,
                        _,
                        _,
                    >(::polyfn::__private::Returned(__returned).split())
                },
            )
        }
    }
};
