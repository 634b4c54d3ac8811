#!/usr/bin/env bash
# Says something to TaskFlow and prints the answer as it is spoken. Needs curl and nothing else.
set -euo pipefail
url=${TASKFLOW_URL:-http://127.0.0.1:4000}
text=$(sed 's/[\\"]/\\&/g' <<<"${1:-What can you do?}")

post() { # the request as JSON, line breaks being blanks; what to accept
  curl --silent --show-error --fail-with-body --no-buffer "$url/graphql" --data "${1//$'\n'/ }" \
    --header 'content-type: application/json' --header "accept: ${2:-application/json}"
}

# 1. Create a conversation. Listening after its latestCursor misses nothing, whenever it begins.
created=$(post '{ "query": "mutation {
  createConversation(input: { greet: false }) {
    ... on CreateConversationSuccess { conversation { id latestCursor } } } }" }')
id=$(sed 's/.*"id":"\([^"]*\)".*/\1/' <<<"$created")
cursor=$(sed 's/.*"latestCursor":"\([^"]*\)".*/\1/' <<<"$created")

# 2. Listen: a subscription over server-sent events.
exec 3< <(post '{ "query": "subscription ($id: ID!, $after: String) {
  conversationEvents(conversationId: $id, after: $after) {
    __typename ... on AiToken { text } ... on AiError { problem: message } } }",
  "variables": { "id": "'"$id"'", "after": "'"$cursor"'" } }' text/event-stream)
trap 'kill '"$!"' 2>/dev/null || true' EXIT

# 3. Say it.
sent=$(post '{ "query": "mutation ($id: ID!, $text: String!) {
  sendMessage(input: { conversationId: $id, text: $text }) {
    __typename ... on Error { problem: message } } }",
  "variables": { "id": "'"$id"'", "text": "'"$text"'" } }')
[[ $sent == *SendMessageSuccess* ]] || { echo "$sent" >&2 && exit 1; }

# 4. Print what is spoken, until it is over.
while IFS= read -r event <&3; do
  case $event in
    *'"AiToken"'*)
      token=${event#*'"text":"'} token=${token%'"}}}'}
      printf '%b' "${token//'\"'/'"'}" ;;
    *'"AiDone"'* | *'"AiInterrupted"'*) break ;;
    *'"AiError"'*) echo "$event" >&2 && break ;;
  esac
done
echo
