package slackfake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"github.com/rollcall-bot/rollcall/bot/playground/standin"
)

// socketLimit is how many sockets an app may have open (api.slack.com, Socket Mode).
const socketLimit = 10

// pingEvery is how often Slack pings a socket, in real time.
const pingEvery = 10 * time.Second

// sockets are the open connections of Socket Mode.
type sockets struct {
	mu      sync.Mutex
	tickets map[string]bool
	open    []*socketConn
	leaving []*socketConn // that were asked to reconnect
	count   int           // ever opened, and tickets
	turn    int
	frozen  bool
}

func (s *sockets) init() { s.tickets = map[string]bool{} }

func (s *sockets) everOpened() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.count > 0
}

// socketConn is one connection. Writing is serialised, as the library asks for.
type socketConn struct {
	conn    *websocket.Conn
	writing sync.Mutex
	mu      sync.Mutex
	acks    map[string]chan json.RawMessage
	closed  chan struct{}
	once    sync.Once
}

func connectionsOpen(c *call) (obj, error) {
	s := &c.socket
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count++
	ticket := fmt.Sprintf("ticket-%d", s.count)
	s.tickets[ticket] = true
	return obj{"url": "ws" + strings.TrimPrefix(c.state.switches.base, "http") + "/socket/" + ticket}, nil
}

// serveSocket opens a connection with a ticket, which works once.
func (ws *Workspace) serveSocket(w http.ResponseWriter, r *http.Request, ticket string) {
	if ws.faults.Down() {
		standin.Cut(w)
		return
	}
	s := &ws.socket
	s.mu.Lock()
	known := s.tickets[ticket]
	delete(s.tickets, ticket)
	full := len(s.open) >= socketLimit
	s.mu.Unlock()
	if !known {
		http.Error(w, "this address was used, or never given out", http.StatusForbidden)
		return
	}
	upgrader := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // the upgrader has answered
	}
	sc := &socketConn{conn: conn, acks: map[string]chan json.RawMessage{}, closed: make(chan struct{})}
	if full {
		_ = sc.write(disconnectFrame("too_many_websockets"))
		sc.close()
		return
	}
	s.mu.Lock()
	s.open = append(s.open, sc)
	n := len(s.open)
	s.mu.Unlock()
	_ = sc.write(obj{
		"type": "hello", "num_connections": n, "connection_info": obj{"app_id": ws.self.AppID},
		"debug_info": obj{"host": "applink-1", "build_number": 1, "approximate_connection_time": 18060},
	})
	ws.hub.changed("socket")
	go ws.ping(sc)
	sc.read()
	ws.forget(sc)
}

func disconnectFrame(reason string) obj {
	return obj{"type": "disconnect", "reason": reason, "debug_info": obj{"host": "applink-1"}}
}

// forget takes a connection out of use.
func (ws *Workspace) forget(sc *socketConn) {
	sc.close()
	ws.socket.mu.Lock()
	gone := func(o *socketConn) bool { return o == sc }
	ws.socket.open, ws.socket.leaving = slices.DeleteFunc(ws.socket.open, gone), slices.DeleteFunc(ws.socket.leaving, gone)
	ws.socket.mu.Unlock()
	ws.hub.changed("socket")
}

func (ws *Workspace) ping(sc *socketConn) {
	tick := time.NewTicker(pingEvery)
	defer tick.Stop()
	for first := true; ; first = false {
		if !first {
			select {
			case <-tick.C:
			case <-sc.closed:
				return
			}
		}
		if ws.isFrozen() {
			continue
		}
		sc.writing.Lock()
		err := sc.conn.WriteMessage(websocket.PingMessage, []byte("Ping from applink-1"))
		sc.writing.Unlock()
		if err != nil {
			return
		}
	}
}

func (ws *Workspace) isFrozen() bool {
	ws.socket.mu.Lock()
	defer ws.socket.mu.Unlock()
	return ws.socket.frozen
}

func (sc *socketConn) write(v any) error {
	sc.writing.Lock()
	defer sc.writing.Unlock()
	return sc.conn.WriteMessage(websocket.TextMessage, encode(v))
}

func (sc *socketConn) close() {
	sc.once.Do(func() {
		close(sc.closed)
		_ = sc.conn.Close()
	})
}

// read hands acknowledgements to whoever waits for them, until the connection ends.
func (sc *socketConn) read() {
	for {
		_, raw, err := sc.conn.ReadMessage()
		if err != nil {
			return
		}
		var ack struct {
			EnvelopeID string          `json:"envelope_id"`
			Payload    json.RawMessage `json:"payload"`
		}
		if json.Unmarshal(raw, &ack) != nil {
			continue
		}
		sc.mu.Lock()
		waiting := sc.acks[ack.EnvelopeID]
		delete(sc.acks, ack.EnvelopeID)
		sc.mu.Unlock()
		if waiting != nil {
			waiting <- ack.Payload
		}
	}
}

// next takes the connections in turn.
func (s *sockets) next() (*socketConn, int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count++
	if len(s.open) == 0 {
		return nil, s.count
	}
	s.turn++
	return s.open[s.turn%len(s.open)], s.count
}

var frameTypes = map[DeliveryKind]string{Command: "slash_commands", Interaction: "interactive", Event: "events_api"}

// overSocket sends a delivery to one of the open sockets and waits for its acknowledgement.
func (ws *Workspace) overSocket(ctx context.Context, d *Delivery, retry int, reason string) Answer {
	sc, n := ws.socket.next()
	if sc == nil {
		return Answer{Error: "dispatch_failed"}
	}
	envelope := fmt.Sprintf("envelope-%d", n)
	ack := make(chan json.RawMessage, 1)
	sc.mu.Lock()
	sc.acks[envelope] = ack
	sc.mu.Unlock()
	frame := obj{
		"envelope_id": envelope, "type": frameTypes[d.Kind], "payload": d.Payload, "accepts_response_payload": d.Kind != Event,
	}
	if d.Kind == Event {
		frame["retry_attempt"], frame["retry_reason"] = retry, reason
	}
	if !ws.isFrozen() {
		if err := sc.write(frame); err != nil {
			return Answer{Error: "dispatch_failed"}
		}
	}
	select {
	case payload := <-ack:
		if string(payload) == "null" {
			payload = nil
		}
		return Answer{Status: http.StatusOK, Body: payload}
	case <-sc.closed:
		return Answer{Error: "dispatch_failed"}
	case <-ctx.Done():
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return Answer{Error: "operation_timeout"}
		}
		return Answer{Error: "dispatch_failed"}
	}
}

// Sockets is how many connections of Socket Mode are open.
func (ws *Workspace) Sockets() int {
	ws.socket.mu.Lock()
	defer ws.socket.mu.Unlock()
	return len(ws.socket.open)
}

// AskToReconnect sends every socket a disconnect frame, such as with reason refresh_requested or warning. Nothing more is
// delivered over those; they stay open until the bot leaves.
func (ws *Workspace) AskToReconnect(reason string) {
	ws.socket.mu.Lock()
	open := ws.socket.open
	ws.socket.open, ws.socket.leaving = nil, append(ws.socket.leaving, open...)
	ws.socket.mu.Unlock()
	for _, sc := range open {
		_ = sc.write(disconnectFrame(reason))
	}
}

// DisconnectAll cuts every socket without a word.
func (ws *Workspace) DisconnectAll() {
	ws.socket.mu.Lock()
	open := append(ws.socket.open, ws.socket.leaving...)
	ws.socket.open, ws.socket.leaving = nil, nil
	ws.socket.mu.Unlock()
	for _, sc := range open {
		sc.close()
	}
}

// FreezeSockets leaves connections open but silent, pings included, as when a network drops packets.
func (ws *Workspace) FreezeSockets(on bool) {
	ws.socket.mu.Lock()
	defer ws.socket.mu.Unlock()
	ws.socket.frozen = on
}
