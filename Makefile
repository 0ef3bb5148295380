# What people and CI run. `make` alone lists it.

SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
.DEFAULT_GOAL := help

GO ?= go
# gofumpt comes inside golangci-lint (v0.12.0 in this version), so there is one tool to pin.
GOLANGCI_VERSION := v2.15.0

# Tools live outside the tree, apart for each version of Go: a linter built by an older Go refuses newer code.
TOOLS := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/rollcall-tools/$(shell $(GO) env GOVERSION)
GOLANGCI := $(TOOLS)/golangci-lint-$(GOLANGCI_VERSION)/golangci-lint

# More flags for go test: make test TESTFLAGS='-race -run TestTask'
TESTFLAGS ?=
# The Go packages to test: make test PKGS=./incident/...
PKGS ?= ./...

# The packages with experiments.
CHAOS := ./bot/playground/chaos/... ./bot/jobs ./bot/slackio ./bot/alarm ./rfo ./cmd/rollcall
# What they are done to, for the table: the commit, and a + when something was changed since.
COMMIT = $(shell git rev-parse --short=9 HEAD 2>/dev/null)$(if $(shell git status --porcelain --untracked-files=no -- . ':(exclude)docs/reliability.md' 2>/dev/null),+)

.PHONY: help build test check chaos performance fmt fmt-check vet lint demo generate tools

help: ## list what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

build: ## the program, as ./rollcall
	$(GO) build -o rollcall ./cmd/rollcall

# The line at the end is part of the promise: nobody should believe that a database was tested when it was not.
test: ## the tests; says at the end what was left out
	@$(GO) test -shuffle=on -timeout 20m $(TESTFLAGS) $(PKGS); code=$$?; \
	left=(); \
	[ -n "$$ROLLCALL_TEST_POSTGRES" ] || left+=("PostgreSQL (set ROLLCALL_TEST_POSTGRES=postgres://USER:PASSWORD@127.0.0.1:5432/DATABASE)"); \
	if [ -z "$$ROLLCALL_TEST_BROWSER" ] && grep -rqs --include='*_test.go' ROLLCALL_TEST_BROWSER .; then \
		left+=("browser (set ROLLCALL_TEST_BROWSER=/usr/bin/chromium)"); fi; \
	if [ $${#left[@]} -eq 0 ]; then echo "Skipped: nothing."; \
	else printf -v line '%s, ' "$${left[@]}"; echo "Skipped: $${line%, }; or run .ci/run as root on Debian, which installs and includes it all."; fi; \
	exit $$code

# What is experimented on: make chaos EXPERIMENT=TestKilledAnywhere
EXPERIMENT ?= Killed|PowerCuts|DiskFails|Locked|AnswersDoNot|Pressed|HalfOf|Backlog|PagerDutyFails|WhateverGoesWrong|EveryOrder|TwentyPeople|Replicas|TwoVersions|TakenOver|ThreeDays|SlowConnections|MalformedRequests|APersonWroteIsLost
# The soak asks for little of the machine and takes half an hour; it runs beside the others: make chaos SOAK= leaves it out.
SOAK ?= RunsForHalfAnHour
chaos: ## the experiments of docs/reliability.md in full: up to an hour; writes what came out into its table
	@export ROLLCALL_CHAOS=full ROLLCALL_CHAOS_REPORT=$(CURDIR)/docs/reliability.md ROLLCALL_CHAOS_COMMIT=$(COMMIT); \
	[ -n "$$ROLLCALL_TEST_POSTGRES" ] || echo "Without ROLLCALL_TEST_POSTGRES the experiments on PostgreSQL are left out."; \
	soak=; [ -z "$(SOAK)" ] || { nice -n 10 $(GO) test -count=1 -timeout 1h -v -run '$(SOAK)' ./bot/playground/chaos >chaos-soak.log 2>&1 & soak=$$!; }; \
	$(GO) test -count=1 -p 1 -timeout 3h -v -run '$(EXPERIMENT)' $(CHAOS) | grep -vE '^=== (RUN|PAUSE|CONT)'; code=$$?; \
	if [ -n "$$soak" ]; then wait $$soak || code=$$?; grep -vE '^=== (RUN|PAUSE|CONT)' chaos-soak.log; rm -f chaos-soak.log; fi; \
	exit $$code

# A folder with Bolt for JavaScript to measure beside: make performance BOLT=DIR
BOLT ?=
performance: ## measure how fast it is, into docs/performance.md: ten minutes, on a machine that does nothing else
	$(GO) run ./cmd/rollcall-load -goals docs/performance.md $(if $(BOLT),-bolt $(BOLT))

check: fmt-check vet lint ## all that CI checks: format, vet, lint, tests with -race, documents, the demo
	@$(MAKE) --no-print-directory test TESTFLAGS="-race $(TESTFLAGS)"
	$(GO) run ./cmd/rollcall demo --play

fmt: $(GOLANGCI) ## write all Go files in gofumpt's format
	$(GOLANGCI) fmt

fmt-check: $(GOLANGCI) ## show what is not in gofumpt's format
	$(GOLANGCI) fmt --diff

vet: ## go vet
	$(GO) vet ./...

lint: $(GOLANGCI) ## golangci-lint, configured in .golangci.yml
	$(GOLANGCI) run ./...

demo: ## a scripted outage from the first alarm to the RFO, in seconds
	$(GO) run ./cmd/rollcall demo --play

generate: ## write the documents that come from code
	$(GO) generate ./...

tools: $(GOLANGCI) ## install what lint and fmt need

$(GOLANGCI):
	GOBIN=$(dir $@) $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_VERSION)
