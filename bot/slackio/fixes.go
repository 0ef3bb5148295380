package slackio

// fixes says what an operator changes when Slack refuses, one sentence each. It
// names the setting where there is one.
var fixes = map[string]string{ //nolint:gosec // sentences about tokens, no tokens
	"account_inactive":                         "Install the Slack app again: it was removed from the workspace.",
	"cannot_create_channel":                    "Let the app create channels: Slack's workspace settings, Permissions, Channel management.",
	"cant_invite":                              "Invite the person by hand: Slack does not let the app do it.",
	"channel_not_found":                        "Invite Rollcall to the channel, or correct its name or id (ROLLCALL_INCIDENTS_CHANNEL for announcements).",
	"ekm_access_denied":                        "Ask the workspace's administrator: Slack's key management denies access.",
	"invalid_auth":                             "Correct SLACK_BOT_TOKEN: Slack does not accept it.",
	"is_archived":                              "Unarchive the channel, or open a new incident.",
	"missing_scope":                            "Add the missing scope to the Slack app (`rollcall manifest` prints all of them) and install it again.",
	"name_taken":                               "Rename the channel that has the incident's name.",
	"not_authed":                               "Set SLACK_BOT_TOKEN.",
	"not_in_channel":                           "Invite Rollcall to the channel: /invite @Rollcall.",
	"org_login_required":                       "Wait until Slack has finished moving the workspace into its organisation.",
	"plan_upgrade_required":                    "Upgrade the Slack plan, or do without this step.",
	"posting_to_general_channel_denied":        "Let the app post there: Slack's workspace settings, Permissions, Messaging.",
	"restricted_action":                        "Let apps do this: Slack's workspace settings, Permissions (channel creation, posting or inviting is restricted).",
	"restricted_action_non_threadable_channel": "Let the app post in the channel: its settings, Posting permissions.",
	"restricted_action_read_only_channel":      "Let the app post in the channel: its settings, Posting permissions.",
	"restricted_action_thread_only_channel":    "Let the app post in the channel: its settings, Posting permissions.",
	"team_access_not_granted":                  "Install the Slack app in this workspace of the organisation.",
	"team_added_to_org":                        "Wait until Slack has finished moving the workspace into its organisation.",
	"token_expired":                            "Renew SLACK_BOT_TOKEN: it has expired.",
	"token_revoked":                            "Install the Slack app again and set SLACK_BOT_TOKEN: the token was revoked.",
	"too_many_bookmarks":                       "Remove a bookmark of the channel: Slack allows 100.",
	"too_many_pins":                            "Unpin a message of the channel: Slack allows 100.",
	"two_factor_setup_required":                "Set up two-factor authentication for whoever installed the Slack app.",
	"user_disabled":                            "Name somebody else: the account is deactivated.",
	"user_is_restricted":                       "Invite the guest by hand: Slack does not let the app do it.",
	"user_not_found":                           "Name somebody else: Slack does not know the person.",
}

// fix is the sentence for a code.
func fix(code string) string {
	if f := fixes[code]; f != "" {
		return f
	}
	return "Look up the error " + code + " in Slack's documentation of the method."
}
