// Package guard is the HTTP client for addresses that an operator or a user chose.
//
// Whoever can name an address can name one inside our own network: the database
// beside us, the cloud's metadata service, which hands out keys. The client
// therefore looks at the address that a connection really goes to, after the name
// was resolved, and connects to public ones only; others are reached when the
// operator lists their host. It follows no redirect, uses no proxy, and waits and
// reads only so much.
package guard
