pub fn add(pair: Pair, cx: Context) -> i64 {
    pair.a + pair.b
}
#[doc(hidden)]
#[allow(dead_code)]
pub struct add {}
const _: () = {
    #[automatically_derived]
    impl ::polyfn::__private::Register for add {
        const SAID: ::polyfn::__private::Said<'static> = ::polyfn::__private::Said {
            members: "\"name\":\"add\",\"trigger\":\"direct\"",
            module: ::core::module_path!(),
            file: ::core::file!(),
            line: ::core::line!(),
            batches: false,
            replies: {
                use ::polyfn::__private::ProbeElse as _;
                ::polyfn::__private::Probe::<
                    ::polyfn::__private::trigger::Direct,
                    i64,
                >::REPLIES
            },
            native: &[],
        };
        fn register() -> ::polyfn::__private::Registered {
            ::polyfn::__private::blocking::<
                ::polyfn::__private::trigger::Direct,
                _,
            >(
                ::polyfn::__private::Description {
                    name: "add",
                    module: ::core::module_path!(),
                    doc: "",
                    binding: ::polyfn::__private::Binding::Direct,
                    public: false,
                    settings: ::core::default::Default::default(),
                    replies: Self::SAID.replies,
                    sample: ::core::default::Default::default(),
                },
                |__about: &mut ::polyfn::__private::About| {
                    <Pair as ::polyfn::__private::Payload<
                        ::polyfn::__private::trigger::Direct,
                    >>::describe(__about);
                    <Context as ::polyfn::__private::FromContext>::describe(__about);
                },
                |
                    mut __event: ::polyfn::__private::Event,
                    __cx: ::polyfn::__private::Context|
                {
                    let __p0 = match <Pair as ::polyfn::__private::Payload<
                        ::polyfn::__private::trigger::Direct,
                    >>::decode(&mut __event, &__cx) {
                        ::core::result::Result::Ok(__value) => __value,
                        ::core::result::Result::Err(__rejection) => {
                            return ::polyfn::__private::reject::<
                                ::polyfn::__private::trigger::Direct,
                            >(__rejection);
                        }
                    };
                    let __p1 = match <Context as ::polyfn::__private::FromContext>::from_context(
                        &__event,
                        &__cx,
                    ) {
                        ::core::result::Result::Ok(__value) => __value,
                        ::core::result::Result::Err(__rejection) => {
                            return ::polyfn::__private::reject::<
                                ::polyfn::__private::trigger::Direct,
                            >(__rejection);
                        }
                    };
                    let __returned = add(__p0, __p1);
                    use ::polyfn::__private::Plain as _;
                    ::polyfn::__private::reply::<
                        ::polyfn::__private::trigger::Direct,
                        _,
                        _,
                    >(::polyfn::__private::Returned(__returned).split())
                },
            )
        }
    }
};
