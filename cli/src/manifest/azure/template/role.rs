/// A role of Azure's own: what it is called, and its id, the same everywhere.
///
/// Source: [Azure built-in roles](https://learn.microsoft.com/azure/role-based-access-control/built-in-roles).
#[derive(Clone, Copy, Debug)]
pub(super) struct Role(pub(super) &'static str, pub(super) &'static str);

pub(super) const BLOB_OWNER: Role = Role("Storage Blob Data Owner", "b7e6dc6d-f1e8-4753-8033-0f276bb0955b");
pub(super) const QUEUE_CONTRIBUTOR: Role = Role("Storage Queue Data Contributor", "974c5e8b-45b9-4653-ba55-5f855dd0fb88");
pub(super) const QUEUE_READER: Role = Role("Storage Queue Data Reader", "19e7f393-937e-4f77-808e-94535e297925");
pub(super) const QUEUE_PROCESSOR: Role = Role("Storage Queue Data Message Processor", "8a0f0c08-91a1-4084-bc3d-661d67233fed");
pub(super) const QUEUE_SENDER: Role = Role("Storage Queue Data Message Sender", "c6a89b2d-59bc-44d0-9896-0f6e12d7b80a");
pub(super) const METRICS_PUBLISHER: Role = Role("Monitoring Metrics Publisher", "3913510d-42f4-4e42-8a64-420c390055eb");
pub(super) const BUS_RECEIVER: Role = Role("Azure Service Bus Data Receiver", "4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0");
pub(super) const HUBS_RECEIVER: Role = Role("Azure Event Hubs Data Receiver", "a638d3c7-ab3a-418d-83e6-5f17a39d4fde");
pub(super) const SECRETS_USER: Role = Role("Key Vault Secrets User", "4633458b-17de-408a-b874-0445c86b69e6");
