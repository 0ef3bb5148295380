// Package playground plays an outage: the real bot, unmodified and over HTTP, against stand-ins of Slack and PagerDuty in
// the same process, on a clock that skips the waiting.
//
// Play tells a scripted story on a terminal and checks every step of it; what is not as the story says ends it with an
// error, so the demo is a test too. Serve keeps the same stage open for somebody who wants to type commands. Neither
// reaches anything but the loopback interface.
package playground
