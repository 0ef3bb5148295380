// Package alarm decides what an alarm leads to: an incident is opened, one is
// suggested, the alarm joins one that is going on, or it is left alone.
//
// Intake.Take is the one door for whatever raises alarms (PagerDuty, monitors,
// synthetic checks); the rules of the settings decide. What was reported is kept
// whatever they say, so that reports may come in any order and a person can
// decide later. Nothing in here waits for a network.
package alarm
