fn all() {}
#[doc(hidden)]
#[allow(dead_code)]
struct all {}
const _: () = {
    #[automatically_derived]
    impl ::polyfn::__private::Register for all {
        fn register() -> ::polyfn::__private::Registered {
            use ::polyfn::__private::{ProbePlain as _, ProbeUnknown as _};
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
                    replies: (&::polyfn::__private::Probe::<
                        ::polyfn::__private::trigger::Http,
                        (),
                    >::new())
                        .replies(),
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
