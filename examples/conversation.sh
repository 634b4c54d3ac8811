#!/usr/bin/env bash
# Sends a message to TaskFlow and prints the answer as it is spoken. Needs curl and nothing else.
url=${TASKFLOW_URL:-http://127.0.0.1:4000}
url=${url%/}/graphql
text=${1:-What can you do?}
text=${text//\\/\\\\} text=${text//\"/\\\"} text=${text//$'\n'/\\n} text=${text//[[:cntrl:]]/ }

post() { # $1: the request as JSON, $2: the media type to accept
  exec curl --silent --no-buffer "$url" --data "${1//$'\n'/ }" \
    --header 'content-type: application/json' --header "accept: ${2:-application/json}"
}
value() { # the value of field $1 in the JSON $2; empty if there is none
  sed -nE 's/.*"('"$1"')":"(([^"\\]|\\.)*)".*/\2/p' <<<"$2"
}
print() { # a string of JSON, with its escapes resolved
  printf '%b' "${1//'\"'/'"'}"
}
fail() { # $1: the response of the server
  local message=$(value 'message|text' "$1")
  [[ $message && $1 != *'"NOT_FOUND"'* ]] ||
    message="No TaskFlow at $url. Start it with npm start, or set TASKFLOW_URL."
  print "$message\n" >&2
  exit 1
}

# 1. Create a conversation.
created=$(post '{ "query": "mutation { createConversation(input: { greet: false }) {
  ... on CreateConversationSuccess { conversation { id latestEventCursor } }
  ... on UserError { message } } }" }')
id=$(value id "$created") cursor=$(value latestEventCursor "$created")
[[ $id ]] || fail "$created"

# 2. Send the message.
sent=$(post '{ "query": "mutation ($id: ID!, $text: String!) {
  sendMessage(input: { conversationId: $id, text: $text }) {
    __typename ... on UserError { message } } }",
  "variables": { "id": "'"$id"'", "text": "'"$text"'" } }')
[[ $sent == *'"SendMessageSuccess"'* ]] || fail "$sent"

# 3. Listen: a subscription over server-sent events. Events after the cursor are replayed, so nothing is missed.
exec 3< <(post '{ "query": "subscription ($id: ID!, $after: String) {
  conversationEvents(conversationId: $id, after: $after) {
    __typename ... on TurnTextAdded { text } ... on TurnFailed { failure { text } } } }",
  "variables": { "id": "'"$id"'", "after": "'"$cursor"'" } }' text/event-stream)
trap "kill $! 2>/dev/null" EXIT
while IFS= read -r event <&3; do
  case $event in
    *'"TurnTextAdded"'*) print "$(value text "$event")" ;;
    *'"TurnCompleted"'* | *'"TurnInterrupted"'*) echo && exit ;;
    *'"TurnFailed"'* | *'"errors"'*) fail "$event" ;;
  esac
done
fail '"message":"The connection was lost."'
