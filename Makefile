# Everything a person does with this repository, each target with its own set-up. `make help` lists them.
#
# Cargo is always given the whole workspace and told which target to make of it: a package named alone gets other
# features of the shared dependencies, and half of them would be compiled a second time. Only test-fast names packages,
# to do without WebKit. The app embeds ui/dist, so the windows are built before it.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.PHONY: help setup ui run demo build screenshots test test-fast journeys fmt lint bindings bench bench-royal-care bench-sync bench-server soak package package-test icons audit sbom

help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{ printf "  make %-16s %s\n", $$1, $$2 }'

setup: ## install what building and testing need (apt where it may, npm ci)
	@scripts/setup.sh build windows

ui: ## build the windows' pages, which the app embeds
	@scripts/setup.sh build
	npm --prefix ui run build

run: ui ## build and start Deskbell on the sample clinic, three windows
	cargo build --release --workspace --bin deskbell --features deskbell/custom-protocol
	@scripts/run.sh

demo: setup ui ## play the story on a virtual display, step by step, with milliseconds
	cargo build --workspace --bins --test demo
	scripts/headless.sh cargo test --workspace --test demo -- --nocapture --ignored

screenshots: setup ui ## take the pictures in docs/screenshots anew: every window, light and dark
	cargo build --workspace --bins --test pictures
	scripts/screenshots.sh --docs

build: ui ## make target/release/deskbell and target/release/deskbell-server
	cargo build --release --workspace --bins --features deskbell/custom-protocol

test: ## every check, as CI runs it, with minutes per stage
	@scripts/test.sh

test-fast: ## the tests of the crates that need no WebKit and no display
	cargo test -p deskbell-clinic -p deskbell-core -p deskbell-server -p deskbell-royal-care-stand-in

journeys: setup ui ## the real windows against the real server, on a virtual display
	cargo build --workspace --bins --test harness --test journeys --test canary
	scripts/headless.sh cargo test --workspace --test harness --test journeys --test canary -- --test-threads=1

fmt: ## format the Rust and the TypeScript
	@scripts/setup.sh build
	cargo fmt --all
	npm --prefix ui run format

lint: ui ## rustfmt, clippy and the windows' lint and types, changing nothing
	cargo fmt --all --check
	npm --prefix ui run lint
	npm --prefix ui run check
	cargo clippy --workspace --all-targets -- -D warnings

bindings: ui ## write the TypeScript bindings anew from the Rust types
	DESKBELL_WRITE_BINDINGS=1 cargo test --workspace --test bindings

# The measured build lets WebDriver in; the one that people get does not.
bench: setup ui ## measure, print the table and write target/bench/first.json
	cargo build --release --workspace --bins --test bench_windows --features deskbell/custom-protocol,deskbell/automation
	scripts/headless.sh cargo test --release --workspace --test bench_windows \
		--features deskbell/custom-protocol,deskbell/automation -- --nocapture --ignored

# The clock is not the real one there: two and a half hours take some minutes.
bench-royal-care: ## what the Royal Care service is asked for in an hour; writes target/bench/royal-care.json
	cargo test --workspace --test bench_royal_care -- --nocapture --ignored

bench-sync: ui ## measure the sync on simulated weeks, print the table and write target/bench/sync.json
	cargo test --release --workspace --test bench_sync -- --nocapture --ignored

bench-server: ui ## measure how many desks one server holds; writes target/bench/server.json
	cargo build --release --workspace --bins --test bench_server
	cargo test --release --workspace --test bench_server -- --nocapture --ignored

soak: ui ## new simulation seeds, 300 kills, an attack on the API and live fuzzing for SOAK_MINUTES (30)
	@scripts/soak.sh

package: setup ui ## make the Debian packages of the app and the server in target/packages
	@scripts/package.sh

package-test: ## install the packages into a clean Debian root, start them, take them off (needs root and debootstrap)
	@scripts/package-test.sh

icons: ## draw every icon size from icons/deskbell.svg
	scripts/icons.sh

audit: ## licences, bans and sources of every dependency (installs cargo-deny when absent)
	@command -v cargo-deny >/dev/null || cargo install cargo-deny --locked
	cargo deny check licenses bans sources

sbom: ## what the programs and the windows are made of, as CycloneDX in target/sbom (installs cargo-cyclonedx when absent)
	@scripts/sbom.sh
