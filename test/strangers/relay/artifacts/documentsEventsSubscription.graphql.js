/**
 * @generated SignedSource<<31bab7b2a2d315f02d8027cac25c6cd6>>
 * @lightSyntaxTransform
 */

/* eslint-disable */

'use strict';

var node = (function(){
var v0 = {
  "defaultValue": null,
  "kind": "LocalArgument",
  "name": "after"
},
v1 = {
  "defaultValue": null,
  "kind": "LocalArgument",
  "name": "conversationId"
},
v2 = [
  {
    "alias": null,
    "args": null,
    "kind": "ScalarField",
    "name": "id",
    "storageKey": null
  },
  {
    "alias": null,
    "args": null,
    "kind": "ScalarField",
    "name": "content",
    "storageKey": null
  }
],
v3 = {
  "alias": null,
  "args": null,
  "concreteType": "Message",
  "kind": "LinkedField",
  "name": "message",
  "plural": false,
  "selections": (v2/*:: as any*/),
  "storageKey": null
},
v4 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "turnId",
  "storageKey": null
},
v5 = [
  (v4/*:: as any*/),
  {
    "alias": null,
    "args": null,
    "concreteType": "Message",
    "kind": "LinkedField",
    "name": "partial",
    "plural": false,
    "selections": (v2/*:: as any*/),
    "storageKey": null
  }
],
v6 = [
  {
    "alias": null,
    "args": [
      {
        "kind": "Variable",
        "name": "after",
        "variableName": "after"
      },
      {
        "kind": "Variable",
        "name": "conversationId",
        "variableName": "conversationId"
      }
    ],
    "concreteType": null,
    "kind": "LinkedField",
    "name": "conversationEvents",
    "plural": false,
    "selections": [
      {
        "alias": null,
        "args": null,
        "kind": "ScalarField",
        "name": "__typename",
        "storageKey": null
      },
      {
        "alias": null,
        "args": null,
        "kind": "ScalarField",
        "name": "cursor",
        "storageKey": null
      },
      {
        "kind": "InlineFragment",
        "selections": [
          (v3/*:: as any*/)
        ],
        "type": "MessageAdded",
        "abstractKey": null
      },
      {
        "kind": "InlineFragment",
        "selections": [
          (v4/*:: as any*/)
        ],
        "type": "TurnStarted",
        "abstractKey": null
      },
      {
        "kind": "InlineFragment",
        "selections": [
          (v4/*:: as any*/),
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "offset",
            "storageKey": null
          },
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "text",
            "storageKey": null
          }
        ],
        "type": "TurnTextAdded",
        "abstractKey": null
      },
      {
        "kind": "InlineFragment",
        "selections": [
          (v4/*:: as any*/),
          (v3/*:: as any*/)
        ],
        "type": "TurnCompleted",
        "abstractKey": null
      },
      {
        "kind": "InlineFragment",
        "selections": (v5/*:: as any*/),
        "type": "TurnInterrupted",
        "abstractKey": null
      },
      {
        "kind": "InlineFragment",
        "selections": (v5/*:: as any*/),
        "type": "TurnFailed",
        "abstractKey": null
      }
    ],
    "storageKey": null
  }
];
return {
  "fragment": {
    "argumentDefinitions": [
      (v0/*:: as any*/),
      (v1/*:: as any*/)
    ],
    "kind": "Fragment",
    "metadata": null,
    "name": "documentsEventsSubscription",
    "selections": (v6/*:: as any*/),
    "type": "Subscription",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": [
      (v1/*:: as any*/),
      (v0/*:: as any*/)
    ],
    "kind": "Operation",
    "name": "documentsEventsSubscription",
    "selections": (v6/*:: as any*/)
  },
  "params": {
    "cacheID": "13f1fc39eb942b87c7f652070e7d3be4",
    "id": null,
    "metadata": {},
    "name": "documentsEventsSubscription",
    "operationKind": "subscription",
    "text": "subscription documentsEventsSubscription(\n  $conversationId: ID!\n  $after: String\n) {\n  conversationEvents(conversationId: $conversationId, after: $after) {\n    __typename\n    cursor\n    ... on MessageAdded {\n      message {\n        id\n        content\n      }\n    }\n    ... on TurnStarted {\n      turnId\n    }\n    ... on TurnTextAdded {\n      turnId\n      offset\n      text\n    }\n    ... on TurnCompleted {\n      turnId\n      message {\n        id\n        content\n      }\n    }\n    ... on TurnInterrupted {\n      turnId\n      partial {\n        id\n        content\n      }\n    }\n    ... on TurnFailed {\n      turnId\n      partial {\n        id\n        content\n      }\n    }\n  }\n}\n"
  }
};
})();

node.hash = "a78a3b10dc770b362b5cab6faaf6c338";

export default node;
