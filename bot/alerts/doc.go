// Package alerts takes other monitors' alarms in: Alertmanager's, Grafana's and
// Sentry's webhooks, and JSON of any shape that the settings describe.
//
// Nothing of a request is parsed before its token or its signature is checked. Each
// alert of a group is one alarm; the intake's rules and window make one incident of
// them. An alert is known by its fingerprint and when it began, so that the same one
// next week is another alarm. Trouble of our own is answered 503, so that the
// monitor sends again; what is authorised but unreadable is kept and answered 202.
package alerts
