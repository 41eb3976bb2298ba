fn all() {}
#[doc(hidden)]
#[allow(dead_code)]
struct all {}
const _: () = {
    #[automatically_derived]
    impl ::polyfn::__private::Register for all {
        const SAID: ::polyfn::__private::Said<'static> = ::polyfn::__private::Said {
            members: "\"name\":\"all\",\"trigger\":\"http\"",
            module: ::core::module_path!(),
            file: ::core::file!(),
            line: ::core::line!(),
            batches: false,
            replies: {
                use ::polyfn::__private::ProbeElse as _;
                ::polyfn::__private::Probe::<
                    ::polyfn::__private::trigger::Http,
                    (),
                >::REPLIES
            },
            native: &[],
        };
        fn register() -> ::polyfn::__private::Registered {
            ::polyfn::__private::blocking::<
                ::polyfn::__private::trigger::Http,
                _,
            >(
                ::polyfn::__private::Description {
                    name: "all",
                    module: ::core::module_path!(),
                    doc: "",
                    binding: ::polyfn::__private::Binding::Http {
                        methods: &[],
                        path: ::core::option::Option::None,
                    },
                    public: false,
                    settings: ::core::default::Default::default(),
                    replies: Self::SAID.replies,
                    sample: ::core::default::Default::default(),
                },
                |__about: &mut ::polyfn::__private::About| {},
                |
                    mut __event: ::polyfn::__private::Event,
                    __cx: ::polyfn::__private::Context|
                {
                    let __returned = all();
                    use ::polyfn::__private::Plain as _;
                    ::polyfn::__private::reply::<
                        ::polyfn::__private::trigger::Http,
                        _,
                        _,
                    >(::polyfn::__private::Returned(__returned).split())
                },
            )
        }
    }
};
