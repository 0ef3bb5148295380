package rfo

import (
	"strings"
)

// The English word lists. They are narrow on purpose: a linter that cries wolf
// is switched off.
var (
	placeholder = lazily(`(?i)\b(TODO|TBD|TBC|FIXME|XXX+|lorem ipsum|asdf+|not answered yet|fill (this |me )?in|to be (filled in|written|added|decided))\b|\?\?\?+|\[(insert|your|add)\b[^\]]*\]|<(insert|your|add)\b[^>]*>`)
	emptyAnswer = lazily(`(?i)^\s*(n/?a|none|nothing|no|yes|unknown|same|same as above|see above|test|-+|\.+|\?+|x+|idk|later)\s*\.?\s*$`)

	fault = `(?:forgot|broke|failed to|caused|neglected|messed up|screwed up|botched|fat-fingered|(?:was|were|is|acted|been) (?:careless|negligent|sloppy|to blame|at fault|incompetent)|carelessly|recklessly|(?:did not|didn't) bother|should have known|made (?:a|the|this) mistake|ignored the)`
	aside = `(?:\s+(?:had|has|have|then|again|also|simply|just|apparently|accidentally|completely|who|and|unfortunately|clearly))*`

	// roles are people without a name: naming the role does not excuse the blame,
	// but only a name blocks.
	roleFault  = lazily(`(?i)\b(?:the|an?|our) (?:(?:on-?call|responsible|new|junior) )?(?:operator|engineer|developer|deployer|admin|administrator|on-?call|person|team|colleague|intern|leader|scribe|reviewer)` + aside + `\s+` + fault)
	humanError = lazily(`(?i)\b(?:human|operator|user|pilot|pebkac)[ -]errors?\b`)

	hindsightWords = lazily(`(?i)\b(should have|should've|could have|could've|would have|would've|if only|simply|obviously|of course|just)\b`)
	justInTime     = lazily(`(?i)\bjust (before|after|as|when|now|then|in time|over|under|about|one|two|three|below|above|\d)`)
	judgementWords = lazily(`(?i)\b(inadequate(?:ly)?|insufficient(?:ly)?|poor(?:ly)?|mismanaged|sloppy|terrible|horrible|unacceptable|incompetent|careless(?:ly)?|lousy)\b`)
	singleWords    = lazily(`(?i)\b(?:(?:the|its?) )?(?:root |only |sole )?cause (?:was|is)\b|\bwas caused by\b|\bdue to\b`)
	outageWord     = lazily(`(?i)\b(outages?|total failure|complete(?:ly)? down|everything was down)\b`)

	vagueOpening = lazily(`(?i)^\s*(?:we (?:should|must|need to|will) |please |let'?s )?(?:be|try|consider|remember|ensure (?:that )?(?:people|everyone|everybody|we|the team|all)|make sure (?:that )?(?:people|everyone|everybody|we|the team|all)|pay (?:more )?attention|communicate|investigate|improve|look (?:into|at)|think about|explore|discuss|keep in mind|take care)\b`)
	detectWords  = lazily(`(?i)\b(alerts?|alarms?|monitor\w*|synthetic|e2e|end-to-end|tests?|probes?|canary|health ?checks?|pages?|detect\w*|smoke)\b`)
	preventWords = lazily(`(?i)\b(lint\w*|gates?|limit\w*|type[sd]?|schema|automat\w*|block\w*|refus\w*|reject\w*|timeout\w*|prevent\w*|enforc\w*|validat\w*|rate|quota\w*|circuit|retr(?:y|ies)|backups?|failover|redundan\w*|guard\w*|pin\w*|roll ?back\w*|deploy\w*|upgrade\w*|replac\w*|remov\w*|fix\w*|isolat\w*|scale\w*)\b`)
	processWords = lazily(`(?i)\b(train\w*|document\w*|run ?books?|process\w*|remind\w*|meetings?|checklists?|polic(?:y|ies)|communicat\w*|wiki|write down|announce\w*|teach\w*|workshop\w*|guidelines?|playbooks?|tell|share|inform\w*)\b`)
	missingTest  = lazily(`(?i)\b(?:no|missing|without an?|lack(?:s|ed|ing)?) (?:such |e2e |end-to-end |synthetic |automated )?(?:tests?|alerts?|alarms?|monitor\w*)\b|\b(?:tests?|alerts?|alarms?|monitor\w*)\b[^.\n]{0,60}\b(?:did not exist|does not exist|didn't exist|doesn't exist|was missing|is missing|were missing|are missing|not in place)\b`)

	temporaryWords = lazily(`(?i)\b(temporar(?:y|ily)|work-?around|stop-?gap|for now|band-?aid|quick fix|hot-?fix|interim|until (?:we|the|it))\b`)
	lastingWords   = lazily(`(?i)\b(permanent\w*|for good|accept(?:ed|ing)? (?:the |this |that )?risk|risk (?:is|was) accepted|properly fixed)\b`)
	methodWords    = lazily(`(?i)\b(estimat\w*|count\w*|measur\w*|according to|based on|from|quer(?:y|ies)|dashboard\w*|logs?|metrics?|tickets?|sampl\w*|because)\b`)
	becauseWords   = lazily(`(?i)\b(because|since|as|due to|by)\b|[:;,]`)

	clockTime = lazily(`(?:^|[^\d:.])([01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(\s*(?:Z|UTC|GMT|[A-Z]{2,4}T|[+-]\d{2}:?\d{2})\b)?(?:[^\d:]|$)`)
	teamNames = lazily(`(?i)^(everyone|everybody|all|team|the team|.* team|on-?call|channel|here|nobody|somebody|someone|tbd|\?+|.*\bbot)$`)
	acronym   = lazily(`\b[A-Z]{3,6}\b`)
)

// commonAcronyms need no explanation to those who read such documents.
var commonAcronyms = wordSet(`API APIS ASAP AWS BGP CDN CEO CET CEST CI CLI CPU CRUD CSS CSV CTO CVE DB DDOS DNS EST EDT FAQ FTP GCP GMT GPU GUI HTML HTTP
	HTTPS IAM ID IDS IMAP INC IP ISO JSON JVM JWT LAN LDAP MFA NAT NFS NTP OOM OS PDF PHP PR PST PDT RAM REST RFC RFO RPC RPS SDK SLA SLO SLI SMS SMTP
	SQL SRE SSD SSH SSL SSO TCP TLS TTL UDP UI URL URLS USA USB UTC UUID VM VMS VPC VPN WAL XML YAML TODO TBD FIXME UPDATE SELECT INSERT DELETE NULL CPUS CRON POST GET PUT HEAD UTF ASCII LTS AND NOT BUT THE ALL`)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}

// What must not stand in a document, and what is better not.
var (
	secretWords = lazily(`\bAKIA[0-9A-Z]{16}\b|\bxox[abeoprs]-[0-9A-Za-z-]{8,}|\bxapp-[0-9A-Za-z-]{8,}|\bgh[pousr]_[0-9A-Za-z]{20,}|\bgithub_pat_[0-9A-Za-z_]{20,}|\bglpat-[0-9A-Za-z_-]{16,}|\b[sr]k_live_[0-9A-Za-z]{16,}|\bAIza[0-9A-Za-z_-]{30,}|-----BEGIN [A-Z ]*PRIVATE KEY|\beyJ[0-9A-Za-z_-]{10,}\.[0-9A-Za-z_-]{10,}\.|\bsk-[0-9A-Za-z_-]{20,}|\b[a-z][a-z0-9+.-]*://[^\s/:@]+:[^\s/@]{3,}@`)
	secretPair  = lazily(`(?i)\b(?:password|passwd|pwd|secret|token|api[_-]?key|access[_-]?key|credentials?)\b["']?\s*(?:=|:|\bis\b|\bwas\b)\s*["'` + "`" + `]?([^\s"'` + "`" + `,;]{6,})`)
	mailAddress = lazily(`\b[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}\b`)
	ipAddress   = lazily(`(?:^|[^\w.:])((?:\d{1,3}\.){3}\d{1,3})(?:[^\w.]|\.?(?:\s|$))|(?:^|[^\w:.])((?:[0-9A-Fa-f]{1,4}:){3,7}[0-9A-Fa-f:]{1,5})\b`)
	slackID     = lazily(`<(?:@[UW]|#C|!subteam|!here|!channel)[^>]*>|\b[UWCDG]0[0-9A-Z]{7,10}\b`)
	slackLink   = lazily(`(?i)https?://[a-z0-9.-]*slack\.com/(?:files|archives/[DG])\S*|https?://files\.slack\.com\S*|https?://\S*[?&](?:X-Amz-Expires|Expires|sig|se)=\S*`)
)

// quotesAndCode are what somebody else said, or a machine.
var quotesAndCode = lazily("```[^`]*```|`[^`\n]*`|“[^”\n]*”|\"[^\"\n]*\"|«[^»\n]*»|https?://\\S+")

// prose is a text without quotes, code and links.
func prose(text string) string { return quotesAndCode().ReplaceAllString(text, " ") }

// sentences splits prose.
func sentences(text string) []string {
	var list []string
	begin := 0
	runes := []rune(text)
	cut := func(end int) {
		if s := strings.TrimSpace(string(runes[begin:end])); s != "" {
			list = append(list, s)
		}
		begin = end
	}
	for n, r := range runes {
		switch {
		case r == '\n' || r == ';':
			cut(n + 1)
		case (r == '.' || r == '!' || r == '?') && (n+1 == len(runes) || runes[n+1] == ' ' || runes[n+1] == '\n'):
			cut(n + 1)
		}
	}
	cut(len(runes))
	return list
}
