use crate::{
    ServeError,
    function::Functions,
    host::{Env, Host},
};
/// x
pub async fn serve(_functions: Functions, _host: &Host, _env: Env<'_>) -> Result<(), ServeError> {
    Ok(())
}
