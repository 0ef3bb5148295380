package rfo_test

import (
	"encoding/xml"
	"regexp"
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/rfo"
)

var svg = regexp.MustCompile(`(?s)<svg .*?</svg>`)

// TestPicturesSayInWordsWhatTheyShow reads the pictures of every scenario as XML.
func TestPicturesSayInWordsWhatTheyShow(t *testing.T) {
	for name := range scenarios {
		d := kept(t, name).document()
		pictures := svg.FindAllString(string(rfo.HTML(d)), -1)
		if name == "full" && len(pictures) != 2 {
			t.Errorf("%s has %d pictures", name, len(pictures))
		}
		for _, p := range pictures {
			var read struct {
				Role   string `xml:"role,attr"`
				Title  string `xml:"title"`
				Desc   string `xml:"desc"`
				Circle []struct {
					X float64 `xml:"cx,attr"`
				} `xml:"circle"`
			}
			if err := xml.Unmarshal([]byte(p), &read); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if read.Role != "img" || read.Title == "" || len(read.Desc) < 20 {
				t.Errorf("%s: a picture without words: %+v", name, read)
			}
			for _, c := range read.Circle {
				if c.X < 5 || c.X > 635 {
					t.Errorf("%s: a mark at %v is cut off", name, c.X)
				}
			}
			if rows := len(d.Timeline.Body()); read.Title == "Timeline" && len(read.Circle) > rows {
				t.Errorf("%s: %d marks for %d rows", name, len(read.Circle), rows)
			}
			if strings.Contains(p, "<script") {
				t.Errorf("%s: markup came alive", name)
			}
		}
	}
}
