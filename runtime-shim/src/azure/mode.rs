/// The form in which the host sends a function's deliveries.
///
/// The host chooses it from host.json and the function's bindings; only a function whose one trigger is an `httpTrigger`
/// and whose one output is `http` can get the raw forms.
///
/// Source: [custom handler configuration](https://learn.microsoft.com/azure/azure-functions/functions-custom-handlers#configuration).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Mode {
    /// `POST /<FunctionName>` with `{"Data":{..},"Metadata":{..}}`: the default, and the only form of other triggers.
    #[default]
    Json,
    /// The caller's request, sent again by the host (`enableForwardingHttpRequest`), with losses.
    Forward,
    /// The caller's request, streamed through untouched (`enableProxyingHttpRequest`).
    Proxy,
}
