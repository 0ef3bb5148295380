// Package web serves HTTP: health, metrics, and whatever handlers are mounted.
//
// It bounds what a stranger can make the program spend: time for headers and
// bodies, the size of headers, and the number of connections. A panic costs the
// one request. It knows nothing of Slack and nothing of incidents.
package web
