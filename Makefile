.DEFAULT_GOAL := help
.PHONY: help build up down test bench lint format clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

build: ## Build everything, optimised
	@infra/scripts/packages.sh build run
	@swift build -c release

up: build ## Run the whole pipeline here, with its own PostgreSQL and RabbitMQ (DETACH=1: in the background)
	@.build/release/pabean up $(if $(DETACH),--detach)

down: ## Stop what 'make up' started
	@if [ -x .build/release/pabean ]; then .build/release/pabean down; fi

test: ## Check the format, build, and run all tests against private servers
	@infra/scripts/test.sh

bench: build ## Measure throughput and latency
	@infra/scripts/packages.sh bench
	@.build/release/pabean-bench

lint: ## Check the format of the sources and the shell scripts
	@infra/scripts/lint.sh

format: ## Put the sources into the house format
	@swift format --in-place --recursive --parallel Package.swift Shared Services Tests

clean: down ## Stop the private servers and remove their data; the build stays
	@for servers in .pabean/*/settings; do \
	  if [ -f "$$servers" ]; then infra/scripts/servers.sh stop "$${servers%/settings}"; fi; done
	@rm -rf .pabean
