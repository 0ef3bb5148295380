// Package pages shows incidents to people in a browser, and takes their notes:
// the way in while Slack is down.
//
// There are two ways to be somebody here. Signing in with Slack gives a session,
// which sees what its person sees. A personal link, fetched beforehand, opens one
// incident's page in one browser; nothing but notes can be written there, and it
// ends with the incident. Who may see what is asked of the gate in storage at
// every request, and what is hidden is answered like what is not there.
//
// Who is signed in edits the answers of an RFO, too: those that no form in Slack
// holds, and all others. Each says which answer it was written over, and none is
// replaced that its writer has not seen.
//
// A note goes through the one door of the conversation like a typed command.
// No GET changes anything, and no page needs a script: what scripts there are
// spare a person a click.
package pages
