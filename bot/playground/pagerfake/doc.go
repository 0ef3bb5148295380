// Package pagerfake is a PagerDuty in one process: a stateful stand-in that a real client cannot tell from PagerDuty.
//
// It speaks the REST API v2 (incidents, notes, status updates, responder requests, users, services, on-calls, abilities,
// webhook subscriptions), the Events API v2 (/v2/enqueue) and sends V3 webhooks, signed and in order, retried and, on
// demand, doubled or shuffled. It enforces what PagerDuty enforces (token, From, abilities, one open incident a key,
// lengths, rates) and refuses with the errors that PagerDuty refuses with. People act through Acknowledge, Resolve,
// Reassign and Note, as they would on their phones.
//
// For tests and the demo it can also be hurt on purpose (Inject, SetDown) and remembers every call (Calls), every page that
// went to somebody (Pages) and every webhook (Deliveries). Time is taken from the clock in Options.
//
// Sources: PagerDuty's published OpenAPI document of the REST API and its developer documentation on the REST API, the
// Events API v2 and V3 webhooks.
package pagerfake
