/**
 * @generated SignedSource<<e348c41435e7119bdfd150c1c8d69e92>>
 * @lightSyntaxTransform
 */

/* eslint-disable */

'use strict';

var node = (function(){
var v0 = [
  {
    "kind": "Literal",
    "name": "input",
    "value": {
      "greet": false,
      "pacing": "INSTANT"
    }
  }
],
v1 = {
  "kind": "InlineFragment",
  "selections": [
    {
      "alias": null,
      "args": null,
      "concreteType": "Conversation",
      "kind": "LinkedField",
      "name": "conversation",
      "plural": false,
      "selections": [
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
          "name": "latestEventCursor",
          "storageKey": null
        }
      ],
      "storageKey": null
    }
  ],
  "type": "CreateConversationSuccess",
  "abstractKey": null
},
v2 = {
  "kind": "InlineFragment",
  "selections": [
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "message",
      "storageKey": null
    }
  ],
  "type": "UserError",
  "abstractKey": "__isUserError"
};
return {
  "fragment": {
    "argumentDefinitions": [],
    "kind": "Fragment",
    "metadata": null,
    "name": "documentsCreateMutation",
    "selections": [
      {
        "alias": null,
        "args": (v0/*:: as any*/),
        "concreteType": null,
        "kind": "LinkedField",
        "name": "createConversation",
        "plural": false,
        "selections": [
          (v1/*:: as any*/),
          (v2/*:: as any*/)
        ],
        "storageKey": "createConversation(input:{\"greet\":false,\"pacing\":\"INSTANT\"})"
      }
    ],
    "type": "Mutation",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": [],
    "kind": "Operation",
    "name": "documentsCreateMutation",
    "selections": [
      {
        "alias": null,
        "args": (v0/*:: as any*/),
        "concreteType": null,
        "kind": "LinkedField",
        "name": "createConversation",
        "plural": false,
        "selections": [
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "__typename",
            "storageKey": null
          },
          (v1/*:: as any*/),
          (v2/*:: as any*/)
        ],
        "storageKey": "createConversation(input:{\"greet\":false,\"pacing\":\"INSTANT\"})"
      }
    ]
  },
  "params": {
    "cacheID": "1d3b4d008afdf83e39e93caacbf27bb9",
    "id": null,
    "metadata": {},
    "name": "documentsCreateMutation",
    "operationKind": "mutation",
    "text": "mutation documentsCreateMutation {\n  createConversation(input: {greet: false, pacing: INSTANT}) {\n    __typename\n    ... on CreateConversationSuccess {\n      conversation {\n        id\n        latestEventCursor\n      }\n    }\n    ... on UserError {\n      __isUserError: __typename\n      message\n    }\n  }\n}\n"
  }
};
})();

node.hash = "9f4b4ee246f1a4d265ebc728ee1479f4";

export default node;
