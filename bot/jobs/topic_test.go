package jobs_test

import (
	"fmt"
	"strings"
	"testing"
)

func TestTheChangesOfABusyMinuteAreOneTopic(t *testing.T) {
	w := newWorld(t)
	w.work()
	id := w.open("Checkout is down")
	w.settled(id)
	channel := w.incident(id).Channel.ID
	for n := range 5 {
		w.does(w.ana, channel, fmt.Sprintf("title Checkout is down, guess %d", n))
		w.eventually("the summary shows it", func() bool {
			return strings.Contains(w.slack.Messages(channel)[0].Plain(), fmt.Sprint("guess ", n))
		})
	}
	w.settled(id)
	calls := w.slack.Calls("conversations.setTopic")
	for n := 1; n < len(calls); n++ {
		if gap := calls[n].At.Sub(calls[n-1].At); gap.Seconds() < 59 {
			t.Errorf("a topic stood for %v", gap)
		}
	}
	if ch, _ := w.slack.Channel(channel); !strings.Contains(ch.Topic, "guess 4") {
		t.Errorf("the topic is %q", ch.Topic)
	}
}
