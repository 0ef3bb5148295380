package slackfake

// Slack's tiers, in calls per minute (docs.slack.dev, rate limits).
const (
	tier1   = 1
	tier2   = 20
	tier3   = 50
	tier4   = 100
	posting = 0 // chat.postMessage: about one a second in each channel
	hundred = 300
)

// methods are the methods of the Web API that the stand-in has. Scopes of conversations depend on what kind of channel is
// meant, so they are checked where the channel is known.
var methods = map[string]method{
	"api.test":  {run: apiTest, tier: tier4},
	"auth.test": {run: authTest, tier: hundred},
	"team.info": {run: teamInfo, tier: tier3, scope: []string{"team:read"}},

	"apps.connections.open": {run: connectionsOpen, tier: tier1, app: true},

	"conversations.create":     {run: conversationsCreate, tier: tier2},
	"conversations.info":       {run: conversationsInfo, tier: tier3},
	"conversations.list":       {run: conversationsList, tier: tier2},
	"conversations.members":    {run: conversationsMembers, tier: tier4},
	"conversations.invite":     {run: conversationsInvite, tier: tier3},
	"conversations.join":       {run: conversationsJoin, tier: tier3, scope: []string{"channels:join"}},
	"conversations.leave":      {run: conversationsLeave, tier: tier3},
	"conversations.kick":       {run: conversationsKick, tier: tier3},
	"conversations.open":       {run: conversationsOpen, tier: tier3, scope: []string{"im:write", "mpim:write"}},
	"conversations.setTopic":   {run: conversationsSetTopic, tier: tier2},
	"conversations.setPurpose": {run: conversationsSetPurpose, tier: tier2},
	"conversations.rename":     {run: conversationsRename, tier: tier2},
	"conversations.archive":    {run: conversationsArchive, tier: tier2},
	"conversations.unarchive":  {run: conversationsUnarchive, tier: tier2},
	"conversations.history":    {run: conversationsHistory, tier: tier3},
	"conversations.replies":    {run: conversationsReplies, tier: tier3},

	"chat.postMessage":   {run: chatPostMessage, tier: posting, scope: []string{"chat:write"}},
	"chat.postEphemeral": {run: chatPostEphemeral, tier: tier4, scope: []string{"chat:write"}},
	"chat.update":        {run: chatUpdate, tier: tier3, scope: []string{"chat:write"}},
	"chat.delete":        {run: chatDelete, tier: tier3, scope: []string{"chat:write"}},
	"chat.getPermalink":  {run: chatGetPermalink, tier: hundred},

	"pins.add":    {run: pinsAdd, tier: tier2, scope: []string{"pins:write"}},
	"pins.remove": {run: pinsRemove, tier: tier2, scope: []string{"pins:write"}},
	"pins.list":   {run: pinsList, tier: tier2, scope: []string{"pins:read"}},

	"bookmarks.add":    {run: bookmarksAdd, tier: tier2, scope: []string{"bookmarks:write"}},
	"bookmarks.edit":   {run: bookmarksEdit, tier: tier2, scope: []string{"bookmarks:write"}},
	"bookmarks.remove": {run: bookmarksRemove, tier: tier2, scope: []string{"bookmarks:write"}},
	"bookmarks.list":   {run: bookmarksList, tier: tier3, scope: []string{"bookmarks:read"}},

	"reactions.add":    {run: reactionsAdd, tier: tier3, scope: []string{"reactions:write"}},
	"reactions.remove": {run: reactionsRemove, tier: tier2, scope: []string{"reactions:write"}},
	"reactions.get":    {run: reactionsGet, tier: tier3, scope: []string{"reactions:read"}},

	"users.info":          {run: usersInfo, tier: tier4, scope: []string{"users:read"}},
	"users.list":          {run: usersList, tier: tier2, scope: []string{"users:read"}},
	"users.conversations": {run: conversationsList, tier: tier3},
	"users.lookupByEmail": {run: usersLookupByEmail, tier: tier3, scope: []string{"users:read.email"}},
	"usergroups.list":     {run: usergroupsList, tier: tier2, scope: []string{"usergroups:read"}},

	"views.open":    {run: viewsOpen, tier: tier4},
	"views.push":    {run: viewsPush, tier: tier4},
	"views.update":  {run: viewsUpdate, tier: tier4},
	"views.publish": {run: viewsPublish, tier: tier4},

	"files.getUploadURLExternal":   {run: filesGetUploadURL, tier: tier4, scope: []string{"files:write"}},
	"files.completeUploadExternal": {run: filesComplete, tier: tier4, scope: []string{"files:write"}},
	"files.info":                   {run: filesInfo, tier: tier4, scope: []string{"files:read"}},

	"calls.add":                     {run: callsAdd, tier: tier3, scope: []string{"calls:write"}},
	"calls.end":                     {run: callsEnd, tier: tier3, scope: []string{"calls:write"}},
	"canvases.edit":                 {run: canvasesEdit, tier: tier3, scope: []string{"canvases:write"}},
	"canvases.create":               {run: canvasesCreate, tier: tier2, scope: []string{"canvases:write"}},
	"conversations.canvases.create": {run: channelCanvasesCreate, tier: tier2, scope: []string{"canvases:write"}},
}

func apiTest(c *call) (obj, error) {
	if code := c.str("error"); code != "" {
		return nil, fail(code)
	}
	return obj{"args": c.args}, nil
}

func authTest(c *call) (obj, error) {
	return obj{
		"url":  "https://" + c.self.TeamDomain + ".slack.com/",
		"team": c.self.TeamName, "team_id": c.self.TeamID,
		"user": c.state.people[c.self.BotUserID].Name, "user_id": c.self.BotUserID, "bot_id": c.self.BotID,
		"is_enterprise_install": false,
	}, nil
}

func teamInfo(c *call) (obj, error) {
	return obj{"team": obj{
		"id": c.self.TeamID, "name": c.self.TeamName, "domain": c.self.TeamDomain, "email_domain": "example.org", "icon": obj{},
	}}, nil
}
