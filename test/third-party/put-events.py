"""Puts events on a bus and reads what arrives in the monitor's queue. Commands, as JSON lines on the input: one answer line each."""

import json
import sys

import boto3


def client(service, command):
    keys = command["keys"]
    return boto3.client(
        service,
        region_name=command["region"],
        endpoint_url=command["endpoint"],
        aws_access_key_id=keys["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=keys["AWS_SECRET_ACCESS_KEY"],
        aws_session_token=keys.get("AWS_SESSION_TOKEN"),
    )


def unplug(command):
    """The function is not run here, since moto would want Docker for it: its mapping is described and switched off, and so is the schedule."""
    functions = client("lambda", command)
    [mapping] = functions.list_event_source_mappings(FunctionName="ses-dkim-monitor")["EventSourceMappings"]
    functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
    # moto takes a rule that is only a schedule for one that every event matches.
    events = client("events", command)
    for rule in events.list_rules()["Rules"]:
        if "ScheduleExpression" in rule and "EventPattern" not in rule:
            events.remove_targets(Rule=rule["Name"], Ids=[target["Id"] for target in events.list_targets_by_rule(Rule=rule["Name"])["Targets"]])
    return {"queue": mapping["EventSourceArn"], "batch": mapping["BatchSize"]}


def put(command):
    events = client("events", command)
    for event in command["events"]:
        entry = {"Source": event["source"], "DetailType": event["detail-type"], "Detail": json.dumps(event["detail"]), "Resources": event["resources"]}
        answer = events.put_events(Entries=[entry])
        if answer["FailedEntryCount"] > 0:
            raise RuntimeError(answer)
    return {"put": len(command["events"])}


def receive(command):
    queues = client("sqs", command)
    url = queues.get_queue_url(QueueName=command["queue"].split(":")[-1])["QueueUrl"]
    bodies = []
    while messages := queues.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=0).get("Messages"):
        for message in messages:
            bodies.append(message["Body"])
            queues.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return bodies


command = json.load(sys.stdin)
print(json.dumps({"unplug": unplug, "put": put, "receive": receive}[command["do"]](command)))
