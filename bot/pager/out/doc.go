// Package pagerout calls PagerDuty: it pages people, looks whether a page whose
// reply was lost went out, and keeps what PagerDuty knows in step with what
// happened here.
//
// It is the only user of PagerDuty's REST API and Events API. Every error is an
// *outbound.Failure. Sources: PagerDuty's OpenAPI document of the REST API, and its
// documentation of the Events API v2, of rate limits and of webhook behaviour.
package pagerout
