#!/usr/bin/env bash
# Invents the secrets that docker-compose.yml hands to the containers as files, once; existing ones are kept.
#
#   infra/docker/secrets.sh [DIR]      default: .pabean/secrets
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
secrets=${1:-.pabean/secrets}
readonly services=(ingest classifier compliance-screening document-generation writeback review-desk maintenance operator)

main() {
  # The directory is closed; the files are open because each container reads its own as another user.
  mkdir -p "$secrets"
  chmod 700 "$secrets"
  local database_password broker_password service
  database_password=$(password database_administrator)
  broker_password=$(password broker_administrator)
  write migrate_database_url "postgresql://postgres:$database_password@database:5432/pabean"
  write migrate_amqp_url "amqp://pabean-administrator:$broker_password@broker:5672/live"
  write migrate_management_url "http://pabean-administrator:$broker_password@broker:15672"
  for service in "${services[@]}"; do
    write "${service}_database_url" \
      "postgresql://pabean_${service//-/_}:$(password "$service")@database:5432/pabean"
    write "${service}_amqp_url" "amqp://pabean-$service:$(password "$service")@broker:5672/live"
  done
  audit_key
  write broker_definitions "$(broker_definitions)"
  chmod 444 "$secrets"/*
  echo "secrets are in $secrets"
}

password() {
  local file=$secrets/$1_password
  [[ -s $file ]] || write "$1_password" "$(openssl rand -hex 16)"
  cat "$file"
}

# What seals the audit log. The public half is for those who verify it: keep a copy elsewhere.
audit_key() {
  [[ -s $secrets/audit_key ]] || write audit_key "$(openssl genpkey -algorithm ed25519)"$'\n'
  write audit_key.pub "$(openssl pkey -in "$secrets/audit_key" -pubout)"$'\n'
}

write() {
  rm -f "$secrets/$1"
  printf '%s' "$2" >"$secrets/$1"
}

# Users and the vhost alone; the topology and each user's rights come from 'pabean migrate'.
broker_definitions() {
  local service separator=
  printf '{ "vhosts": [{ "name": "live" }],\n  "permissions": [{ "user": "pabean-administrator", "vhost": "live",'
  printf ' "configure": ".*", "write": ".*", "read": ".*" }],\n  "users": ['
  broker_user pabean-administrator "$(password broker_administrator)" administrator
  for service in "${services[@]}"; do broker_user "pabean-$service" "$(password "$service")" ''; done
  printf ' ] }\n'
}

# RabbitMQ's salted form: base64(salt + SHA-256(salt + password)), with a salt of four bytes.
broker_user() {
  local name=$1 password=$2 tag=$3 salt hash
  salt=$(openssl rand -hex 4)
  hash=$( (unhex "$salt" && printf '%s' "$password") | openssl dgst -sha256 -r)
  hash=$(unhex "$salt${hash%% *}" | openssl base64 -A)
  printf '%s\n    { "name": "%s", "password_hash": "%s", "hashing_algorithm": "rabbit_password_hashing_sha256",' \
    "$separator" "$name" "$hash"
  printf ' "tags": [%s], "limits": {} }' "${tag:+\"$tag\"}"
  separator=,
}

unhex() {
  # shellcheck disable=SC2001,SC2059  # every two digits become an escape of the format
  printf "$(sed 's/../\\x&/g' <<<"$1")"
}

main
