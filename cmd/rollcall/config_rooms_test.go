package main

import (
	"strings"
	"testing"
)

// TestAProviderWithoutCredentialsStopsTheStart wants one line that names what is missing.
func TestAProviderWithoutCredentialsStopsTheStart(t *testing.T) {
	zoom := map[string]string{"ROLLCALL_CALL": "zoom", "ZOOM_ACCOUNT_ID": "a", "ZOOM_CLIENT_ID": "c", "ZOOM_CLIENT_SECRET": "s", "ZOOM_HOSTS": "h@example.org"}
	without := func(name string) map[string]string {
		env := map[string]string{}
		for k, v := range zoom {
			if k != name {
				env[k] = v
			}
		}
		return env
	}
	for _, tt := range []struct {
		env  map[string]string
		want string // "": all is well
	}{
		{map[string]string{"ROLLCALL_CALL": "meet"}, "MEET_CREDENTIALS_FILE is not set, but the call provider meet needs it"},
		{map[string]string{"ROLLCALL_CALL": "meet", "MEET_CREDENTIALS_FILE": meetKeyFile}, "MEET_USER is not set"},
		{map[string]string{"ROLLCALL_CALL": "meet", "MEET_CREDENTIALS_FILE": "gone.json"}, "MEET_CREDENTIALS_FILE: \"gone.json\" cannot be read"},
		{map[string]string{"ROLLCALL_CALL": "meet", "MEET_CREDENTIALS_FILE": meetKeyFile, "MEET_USER": "m@example.org"}, ""},
		{map[string]string{"ROLLCALL_CALL": "meet", "MEET_REFRESH_TOKEN": "r", "MEET_CLIENT_ID": "c"}, "MEET_CLIENT_SECRET is not set"},
		{map[string]string{"ROLLCALL_CALL": "meet", "MEET_REFRESH_TOKEN": "r", "MEET_CLIENT_ID": "c", "MEET_CLIENT_SECRET": "s"}, ""},
		{map[string]string{"ROLLCALL_CALL": "jitsi:https://m.example.org", "MEET_CREDENTIALS_FILE": "gone.json"}, ""},
		{zoom, ""},
		{without("ZOOM_HOSTS"), "ZOOM_HOSTS is not set, but the call provider zoom needs it"},
		{without("ZOOM_CLIENT_SECRET"), "ZOOM_CLIENT_SECRET is not set"},
		{map[string]string{"ROLLCALL_CALL_ROOMS": "0"}, "ROLLCALL_CALL_ROOMS"},
		{map[string]string{"MEET_ACCESS": "everybody"}, "MEET_ACCESS"},
		{map[string]string{"ZOOM_HOSTS": "h@example.org,Ana"}, "ZOOM_HOSTS"},
	} {
		_, err := loadConfig(t, tt.env, "")
		switch {
		case tt.want == "" && err != nil:
			t.Errorf("%v: %v", tt.env, err)
		case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "\n")):
			t.Errorf("%v: %v\nwant %s", tt.env, err, tt.want)
		}
	}
	if _, err := loadConfig(t, map[string]string{}, "call: [meet, 'jitsi:https://m.example.org']\n"); err == nil || !strings.Contains(err.Error(), "MEET_CREDENTIALS_FILE") {
		t.Errorf("meet in the file: %v", err)
	}
}

func TestAProviderOfTheFileWithoutCredentialsIsRefusedWithItsLine(t *testing.T) {
	lines := []string{"call:", "  - jitsi:https://meet.example.org", "  - zoom"}
	_, err := alarmsConfigWith(nil, lines...)
	if err == nil || !strings.HasPrefix(err.Error(), "rollcall.yaml:3: ZOOM_ACCOUNT_ID is not set") || !strings.HasSuffix(err.Error(), "take zoom out of call") {
		t.Errorf("got %v", err)
	}
	_, err = alarmsConfigWith(map[string]string{"ROLLCALL_CALL": "jitsi:https://meet.example.org,zoom"}, lines...)
	if err == nil || !strings.HasPrefix(err.Error(), "ZOOM_ACCOUNT_ID is not set") || !strings.HasSuffix(err.Error(), "out of ROLLCALL_CALL") {
		t.Errorf("got %v", err)
	}
}
