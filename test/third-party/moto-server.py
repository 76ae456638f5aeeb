"""moto's server with what the deployment test needs beside it: SES as its current API answers, SNS subscriptions
made by CloudFormation, role trust that is really read, and notes of every call and every mail. Prints its port."""

import json
import os
import re
import sys
import threading
import urllib.parse
import zipfile
from io import BytesIO

import moto.cloudformation.parsing as cloudformation
from moto.awslambda.models import lambda_backends
from moto.core.common_models import CloudFormationModel
from moto.events.models import EventBus
from moto.iam.models import get_account_id_from, iam_backends
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.sns.models import Subscription, sns_backends
from moto.sts.models import sts_backends
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

if os.environ.get("MOTO_STEPS"):
    import moto_steps

    moto_steps.install()

identities: dict = {}  # (account, region) -> name -> what GetEmailIdentity answers
calls: list = []
mails: list = []


class SubscriptionResource(CloudFormationModel):
    """AWS::SNS::Subscription, which moto's CloudFormation passes over in silence."""

    __module__ = "moto.subscription.models"  # moto takes the service's name from the second part

    def __init__(self, arn):
        self.arn = arn

    @property
    def physical_resource_id(self):
        return self.arn

    @staticmethod
    def cloudformation_name_type():
        return ""

    @staticmethod
    def cloudformation_type():
        return "AWS::SNS::Subscription"

    @classmethod
    def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **_):
        wanted = cloudformation_json["Properties"]
        made = sns_backends[account_id][region_name].subscribe(wanted["TopicArn"], wanted["Endpoint"], wanted["Protocol"])
        return cls(made.arn)


# moto's CloudFormation does not know what `Ref` of an event bus is: its name.
EventBus.physical_resource_id = property(lambda bus: bus.name)

cloudformation.get_model_list.cache_clear()
cloudformation.get_model_map.cache_clear()
cloudformation.get_name_type_map.cache_clear()

publish_to_one = Subscription.publish


def noted_publish(self, message, message_id, subject=None, message_structure=None, **more):
    body = self._parse_message_structure(message, self.protocol) if message_structure == "json" else message
    mails.append({"topic": self.topic.arn, "protocol": self.protocol, "to": self.endpoint, "subject": subject, "body": body})
    return publish_to_one(self, message, message_id, subject=subject, message_structure=message_structure, **more)


Subscription.publish = noted_publish


def caller(environ):
    """Account, region, service and access key, as the signature's scope says; None for unsigned calls."""
    scope = re.search(r"Credential=([^/]+)/[^/]+/([^/]+)/([^/]+)/", environ.get("HTTP_AUTHORIZATION", ""))
    return scope and (get_account_id_from(scope[1]), scope[2], scope[3], scope[1])


def action_of(environ, form):
    if "Action" in form:
        return form["Action"][0]
    if "HTTP_X_AMZ_TARGET" in environ:
        return environ["HTTP_X_AMZ_TARGET"].split(".")[-1]
    return f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"


def json_answer(value, status=200, kind=None):
    headers = {"x-amzn-ErrorType": kind} if kind else {}
    return Response(json.dumps(value), status=status, mimetype="application/json", headers=headers)


def ses(account, region, environ, raw, form):
    """SES v2's listing in its POST form and its details, and v1's batch call; None for anything else."""
    known = identities.get((account, region), {})
    path = urllib.parse.unquote(environ["PATH_INFO"])
    if path == "/v2/email/list-identities":
        asked = json.loads(raw or b"{}")
        start = int(asked.get("NextToken") or 0)
        end = start + min(int(asked.get("PageSize") or 100), 4)  # small pages, so that paging is used
        page = [{"IdentityName": name, "IdentityType": facts.get("IdentityType")} for name, facts in known.items()][start:end]
        return json_answer({"EmailIdentities": page, **({"NextToken": str(end)} if end < len(known) else {})})
    if path.startswith("/v2/email/identities/"):
        name = path.removeprefix("/v2/email/identities/")
        return json_answer(known[name]) if name in known else json_answer({"message": "no such identity"}, 404, "NotFoundException")
    if form.get("Action") == ["GetIdentityDkimAttributes"]:
        return dkim_attributes(known, [values[0] for key, values in form.items() if key.startswith("Identities.member.")])
    return None


def dkim_attributes(known, names):
    entries = ""
    for name in names:
        dkim = known.get(name, {}).get("DkimAttributes", {})
        status = dkim.get("Status", "NOT_STARTED").title().replace("_", "")
        enabled = str(dkim.get("SigningEnabled", False)).lower()
        entries += f"<entry><key>{name}</key><value><DkimEnabled>{enabled}</DkimEnabled><DkimVerificationStatus>{status}</DkimVerificationStatus></value></entry>"
    outer = "GetIdentityDkimAttributes"
    return Response(
        f'<{outer}Response xmlns="http://ses.amazonaws.com/doc/2010-12-01/"><{outer}Result><DkimAttributes>{entries}</DkimAttributes></{outer}Result></{outer}Response>',
        mimetype="text/xml",
    )


def refusal_of_role(access_key, form):
    """Why a role that trusts accounts would refuse this AssumeRole, read from its trust policy; None if it would not."""
    role_arn = form["RoleArn"][0]
    account, name = role_arn.split(":")[4], role_arn.split("/")[-1]
    role = next((role for role in iam_backends[account]["aws"].roles.values() if role.name == name), None)
    if role is None:
        return "the role does not exist"
    assumed = [one for one in sts_backends[get_account_id_from(access_key)]["aws"].assumed_roles if one.access_key_id == access_key]
    facts = {"aws:PrincipalArn": assumed[0].role_arn if assumed else "", "sts:SourceIdentity": form.get("SourceIdentity", [""])[0]}
    # The external id is a fact of sts:AssumeRole alone.
    needed = {"sts:AssumeRole": {**facts, "sts:ExternalId": form.get("ExternalId", [""])[0]}}
    if "SourceIdentity" in form:
        needed["sts:SetSourceIdentity"] = facts
    document = role.assume_role_policy_document
    statements = [one for one in (json.loads(document) if isinstance(document, str) else document)["Statement"] if one]
    if not statements:  # the roles of `cdk bootstrap`: moto does not work out the Fn::If in their trust
        return None
    for action, known in needed.items():
        if not any(trusts(statement, action, known) for statement in statements):
            return f"its trust policy does not allow {action}"
    return None


def trusts(statement, action, known):
    actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
    conditions = [pair for by_key in statement.get("Condition", {}).values() for pair in by_key.items()]
    return action in actions and "AWS" in statement["Principal"] and all(known.get(key) == value for key, value in conditions)


def deployed_function(account, region, name, folder):
    """The function as it was deployed; its code is unpacked into the folder."""
    function = lambda_backends[account][region].get_function(name)
    with zipfile.ZipFile(BytesIO(function.code_bytes)) as bundle:
        bundle.extractall(folder)
    return {
        "arn": function.function_arn,
        "role": function.role,
        "handler": function.handler,
        "runtime": function.run_time,
        "timeout": function.timeout,
        "memory": function.memory_size,
        "environment": function.environment_vars,
    }


def steps_lists():
    return {"/test/invocations": moto_steps.invocations} if os.environ.get("MOTO_STEPS") else {}


def door(environ, raw):
    """What the test sets and reads."""
    path = environ["PATH_INFO"]
    if path == "/test/identities":
        for one in json.loads(raw):
            identities.setdefault((one["account"], one["region"]), {})[one["name"]] = one["facts"]
        return {}
    if path == "/test/credentials":  # as the Lambda service, or an administrator's login, would hand them out
        asked = json.loads(raw)
        account = asked["role"].split(":")[4]
        made = sts_backends[account]["aws"].assume_role("us-east-1", "test", asked["role"], None, 3600, None)
        return {"AWS_ACCESS_KEY_ID": made.access_key_id, "AWS_SECRET_ACCESS_KEY": made.secret_access_key, "AWS_SESSION_TOKEN": made.session_token}
    if path == "/test/function":
        return deployed_function(**json.loads(raw))
    if path == "/test/crashes":
        moto_steps.crashes.update(json.loads(raw))
        return {}
    taken = {"/test/calls": calls, "/test/mails": mails, **steps_lists()}[path]
    answer = list(taken)
    taken.clear()
    return answer


moto = DomainDispatcherApplication(create_backend_app)


def application(environ, start_response):
    raw = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)) if environ.get("CONTENT_LENGTH") else b""
    if raw or environ.get("CONTENT_LENGTH"):
        environ["wsgi.input"] = BytesIO(raw)
    if environ["PATH_INFO"].startswith("/test/"):
        return json_answer(door(environ, raw))(environ, start_response)
    who = caller(environ)
    if who:
        account, region, service, key = who
        form = urllib.parse.parse_qs(raw.decode("utf-8", "replace")) if b"Action=" in raw[:100_000] else {}
        action = action_of(environ, form)
        calls.append({"account": account, "region": region, "service": service, "action": action})
        if service == "ses" and (answer := ses(account, region, environ, raw, form)):
            return answer(environ, start_response)
        if action == "AssumeRole" and (why := refusal_of_role(key, form)):
            error = f"<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>{why}</Message></Error></ErrorResponse>"
            return Response(error, status=403, mimetype="text/xml")(environ, start_response)
    return moto(environ, start_response)


server = make_server("127.0.0.1", 0, application, threaded=True)
os.environ["MOTO_PORT"] = str(server.port)
print(f"port {server.port}", flush=True)
# Ends with the test, however that ends: its pipe closes.
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
server.serve_forever()
