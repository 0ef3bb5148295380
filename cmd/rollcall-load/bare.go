package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"time"

	_ "github.com/mattn/go-sqlite3" // the driver "sqlite3"
)

// serveBare as the first argument makes the program one of the servers that it measures, in a process of its own, so
// that what each costs can be told apart.
const serveBare = "serve-bare"

// The bare servers, each a step further. The last is the design that Rollcall has to be held against: all that it leaves
// out is the work itself.
const (
	bareHTTP   = "http"        // answers
	bareSigned = "signed"      // checks the signature and answers
	bareInsert = "insert"      // and stores an event, a commit for each request
	bareGroup  = "group"       // stores an event and a job, whoever waits sharing a commit
	answered   = `{"ok":true}` // what each of them says
)

// bareDesigns are all of them.
var bareDesigns = []string{bareHTTP, bareSigned, bareInsert, bareGroup}

// serve runs a bare server on a port of its own, and says which on the first line of out.
func serve(ctx context.Context, args []string, out io.Writer) error {
	if len(args) != 2 {
		return errors.New("serve-bare wants a design and a folder")
	}
	store, err := bareStore(ctx, args[0], args[1])
	if err != nil {
		return err
	}
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(out, l.Addr()); err != nil {
		return err
	}
	server := &http.Server{Handler: bareHandler(args[0], store), ReadHeaderTimeout: 5 * time.Second}
	go func() {
		// Whoever started it holds the other end: it goes when they go.
		_, _ = io.Copy(io.Discard, os.Stdin)
		_ = server.Close()
	}()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func bareHandler(design string, store func(text string) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
		if err == nil && design != bareHTTP && !genuine(r.Header, body) {
			err = errors.New("not signed")
		}
		if err == nil && store != nil {
			var form url.Values
			if form, err = url.ParseQuery(string(body)); err == nil {
				err = store(form.Get("text"))
			}
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, answered)
	})
}

func genuine(h http.Header, body []byte) bool {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("v0:" + h.Get("X-Slack-Request-Timestamp") + ":"))
	mac.Write(body)
	return hmac.Equal([]byte("v0="+hex.EncodeToString(mac.Sum(nil))), []byte(h.Get("X-Slack-Signature")))
}

// bareStore is how a design stores a line, nil when it does not.
func bareStore(ctx context.Context, design, dir string) (func(string) error, error) {
	if design == bareHTTP || design == bareSigned {
		return nil, nil //nolint:nilnil // no store is an answer of its own here
	}
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(dir, design+".db")+"?_journal_mode=WAL&_synchronous=FULL&_txlock=immediate")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	_, err = db.ExecContext(ctx, `CREATE TABLE event (id INTEGER PRIMARY KEY, incident TEXT NOT NULL, body TEXT NOT NULL);
		CREATE INDEX by_incident ON event (incident, id); CREATE TABLE job (id INTEGER PRIMARY KEY, args TEXT NOT NULL)`)
	if err != nil {
		return nil, err
	}
	event, err := db.PrepareContext(ctx, `INSERT INTO event (incident, body) VALUES (?, ?)`) //nolint:sqlclosecheck // lives as long as the server
	if err != nil {
		return nil, err
	}
	switch design {
	case bareInsert:
		return func(text string) error {
			_, err := event.ExecContext(context.Background(), bareIncident, text)
			return err
		}, nil
	case bareGroup:
		job, err := db.PrepareContext(ctx, `INSERT INTO job (args) VALUES (?)`)
		if err != nil {
			return nil, err
		}
		g := &group{db: db, event: event, job: job, queue: make(chan line, 4096)}
		go g.run()
		return g.store, nil
	}
	return nil, fmt.Errorf("there is no design %q", design)
}

const bareIncident = "00000000-0000-7000-8000-000000000001"

// group is a writer whose callers share commits.
type group struct {
	db         *sql.DB
	event, job *sql.Stmt
	queue      chan line
}

type line struct {
	text string
	done chan error
}

func (g *group) store(text string) error {
	l := line{text, make(chan error, 1)}
	g.queue <- l
	return <-l.done
}

func (g *group) run() {
	for first := range g.queue {
		batch := []line{first}
	gather:
		for len(batch) < 64 {
			select {
			case l := <-g.queue:
				batch = append(batch, l)
			default:
				break gather
			}
		}
		err := g.commit(batch)
		for _, l := range batch {
			l.done <- err
		}
	}
}

func (g *group) commit(batch []line) error {
	ctx := context.Background()
	tx, err := g.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	event, job := tx.StmtContext(ctx, g.event), tx.StmtContext(ctx, g.job) //nolint:sqlclosecheck // closed with the transaction
	for _, l := range batch {
		if _, err := event.ExecContext(ctx, bareIncident, l.text); err != nil {
			return err
		}
		if _, err := job.ExecContext(ctx, `{"incident":"`+bareIncident+`"}`); err != nil {
			return err
		}
	}
	return tx.Commit()
}
