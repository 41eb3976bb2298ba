/// Greets a person by name.
async fn hello(
    Path(name): Path<String>,
    order: Json<Order>,
) -> Result<Json<Greeting>, Error> {
    greet(name, order)
}
#[doc(hidden)]
#[allow(dead_code)]
struct hello {}
const _: () = {
    const _: () = ::polyfn::__private::only_the_last_takes_the_body(
        <Path<
            String,
        > as ::polyfn::__private::Payload<::polyfn::__private::trigger::Http>>::BODY,
    );
    #[automatically_derived]
    impl ::polyfn::__private::Register for hello {
        const SAID: ::polyfn::__private::Said<'static> = ::polyfn::__private::Said {
            members: "\"name\":\"hello\",\"trigger\":\"http\",\"doc\":\"Greets a person by name.\",\"methods\":[\"GET\",\"POST\"],\"path\":\"/hello/{name}\",\"public\":true",
            module: ::core::module_path!(),
            file: ::core::file!(),
            line: ::core::line!(),
            batches: false,
            replies: {
                use ::polyfn::__private::ProbeElse as _;
                ::polyfn::__private::Probe::<
                    ::polyfn::__private::trigger::Http,
                    Result<Json<Greeting>, Error>,
                >::REPLIES
            },
            native: &[],
        };
        fn register() -> ::polyfn::__private::Registered {
            ::polyfn::__private::asynchronous::<
                ::polyfn::__private::trigger::Http,
                _,
                _,
            >(
                ::polyfn::__private::Description {
                    name: "hello",
                    module: ::core::module_path!(),
                    doc: "Greets a person by name.",
                    binding: ::polyfn::__private::Binding::Http {
                        methods: &["GET", "POST"],
                        path: ::core::option::Option::Some("/hello/{name}"),
                    },
                    public: true,
                    settings: ::core::default::Default::default(),
                    replies: Self::SAID.replies,
                    sample: ::core::default::Default::default(),
                },
                |__about: &mut ::polyfn::__private::About| {
                    <Path<
                        String,
                    > as ::polyfn::__private::Payload<
                        ::polyfn::__private::trigger::Http,
                    >>::describe(__about);
                    <Json<
                        Order,
                    > as ::polyfn::__private::Payload<
                        ::polyfn::__private::trigger::Http,
                    >>::describe(__about);
                },
                |
                    mut __event: ::polyfn::__private::Event,
                    __cx: ::polyfn::__private::Context|
                async move {
                    let __p0 = match <Path<
                        String,
                    > as ::polyfn::__private::Payload<
                        ::polyfn::__private::trigger::Http,
                    >>::decode(&mut __event, &__cx) {
                        ::core::result::Result::Ok(__value) => __value,
                        ::core::result::Result::Err(__rejection) => {
                            return ::polyfn::__private::reject::<
                                ::polyfn::__private::trigger::Http,
                            >(__rejection);
                        }
                    };
                    let __p1 = match <Json<
                        Order,
                    > as ::polyfn::__private::Payload<
                        ::polyfn::__private::trigger::Http,
                    >>::decode(&mut __event, &__cx) {
                        ::core::result::Result::Ok(__value) => __value,
                        ::core::result::Result::Err(__rejection) => {
                            return ::polyfn::__private::reject::<
                                ::polyfn::__private::trigger::Http,
                            >(__rejection);
                        }
                    };
                    let __returned = ::polyfn::__private::the_future_of_a_function_must_be_send(
                            hello(__p0, __p1),
                        )
                        .await;
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
