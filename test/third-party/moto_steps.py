"""Step Functions in moto, as far as the deployment test of the state machine needs it: executions really run, their Lambda
tasks by a real Node, and every call is made with the role of the state machine or of the function. Loaded by moto-server.py."""

import copy
import json
import os
import subprocess
import tempfile
import uuid
import zipfile
from io import BytesIO

import boto3
import moto.stepfunctions.models as machines
from moto.awslambda.models import LambdaFunction
from moto.core.config import default_user_config
from moto.stepfunctions.parser.asl.utils import boto_client
from moto.stepfunctions.parser.models import StepFunctionsParserBackend, stepfunctions_parser_backends
from moto.sts.models import sts_backends

invocations: list = []  # payload, answer and log of each
crashes: dict = {}  # "step n part" -> how often that invocation is to end without an answer
state_role = {"arn": ""}


def credentials(role):
    return sts_backends[role.split(":")[4]]["aws"].assume_role("us-east-1", "steps", role, None, 3600, None)


def understood(node):
    """What moto's grammar refuses is left out: a tolerance in whole numbers. A failed child then fails its map, which ours never lets happen."""
    if isinstance(node, list):
        return [understood(one) for one in node]
    if not isinstance(node, dict):
        return node
    return {key: understood(value) for key, value in node.items() if key != "ToleratedFailurePercentage"}


create = StepFunctionsParserBackend.create_state_machine
start = StepFunctionsParserBackend.start_execution


def create_state_machine(self, name, definition, role_arn, *more, **named):
    state_role["arn"] = role_arn
    return create(self, name, json.dumps(understood(json.loads(definition))), role_arn, *more, **named)


def start_execution(self, arn, name=None, execution_input=None, trace_header=None):
    return start(self, arn, name or str(uuid.uuid4()), execution_input, trace_header)


def without_executions(self, memo):  # the second execution of a machine would die in a copy of the first one's locks
    made = copy.copy(self)
    made.executions = []
    return made


class AsStateMachine:
    """boto3, with the credentials of the state machine's role in the place of moto's made-up ones."""

    @staticmethod
    def client(**options):
        made = credentials(state_role["arn"])
        keys = {"aws_access_key_id": made.access_key_id, "aws_secret_access_key": made.secret_access_key}
        return boto3.client(**{**options, **keys, "aws_session_token": made.session_token})


def run_function(self, event=None):
    """One invocation in a process of its own, as the Lambda service would start it."""
    folder = os.path.join(tempfile.gettempdir(), f"moto-steps-{os.getpid()}-{self.code_sha_256[:8].replace('/', '-')}")
    if not os.path.isdir(folder):
        with zipfile.ZipFile(BytesIO(self.code_bytes)) as bundle:
            bundle.extractall(folder)
    payload = event if isinstance(event, dict) else json.loads(event or "{}")
    asked = [str(payload.get("step")), str(payload.get("item", {}).get("n", "")), str(payload.get("part", ""))]
    name = " ".join(part for part in asked if part)
    if crashes.get(name, 0) > 0:
        crashes[name] -= 1
        invocations.append({"payload": payload, "answer": None, "log": "crash"})
        return json.dumps({"errorType": "Runtime.ExitError", "errorMessage": "exit"}), True, ""
    made = credentials(self.role)
    answer = os.path.join(folder, f"answer-{uuid.uuid4()}.json")
    done = subprocess.run(
        [os.environ["NODE24"], os.path.abspath("test/third-party/invoke-function.mjs"), answer],
        env={
            **{key: str(value) for key, value in self.environment_vars.items()},
            "AWS_ACCESS_KEY_ID": made.access_key_id,
            "AWS_SECRET_ACCESS_KEY": made.secret_access_key,
            "AWS_SESSION_TOKEN": made.session_token,
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{os.environ['MOTO_PORT']}",
            "AWS_REGION": self.region,
            "AWS_LAMBDA_FUNCTION_NAME": self.function_name,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(self.memory_size),
            "LAMBDA_TASK_ROOT": folder,
            "FUNCTION_ARN": self.function_arn,
            "FUNCTION_HANDLER": self.handler,
            "FUNCTION_TIMEOUT": str(self.timeout),
            "FUNCTION_EVENT": json.dumps(payload),
        },
        capture_output=True,
        text=True,
    )
    said = open(answer).read() if done.returncode == 0 else None
    invocations.append({"payload": payload, "answer": said and json.loads(said), "log": done.stdout + done.stderr})
    if said is None:
        return json.dumps({"errorType": "Error", "errorMessage": done.stderr[-2000:]}), True, ""
    return said, False, ""


def install():
    default_user_config["stepfunctions"] = {"execute_state_machine": True}
    machines.stepfunctions_backends = stepfunctions_parser_backends
    machines.StateMachine.__deepcopy__ = without_executions
    StepFunctionsParserBackend.create_state_machine = create_state_machine
    StepFunctionsParserBackend.start_execution = start_execution
    boto_client.boto3 = AsStateMachine
    LambdaFunction._invoke_lambda = run_function
