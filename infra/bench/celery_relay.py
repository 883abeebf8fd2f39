"""The peer: a chain of five Celery tasks, each storing what one hop of the bare relay stores.

    celery_relay.py work            runs a worker until SIGTERM
    celery_relay.py submit COUNT    prints when it began, in seconds since the epoch

Quorum queues, publisher confirms and late acknowledgement, as in the pipeline it is compared with.
"""
import os
import sys
import time
import uuid

import psycopg
from celery import Celery, chain
from kombu import Queue

HOPS = range(1, 6)
PAYLOAD = b"x" * 300

app = Celery("relay", broker=os.environ["BENCH_AMQP_URL"])
app.conf.update(
    task_queues=[Queue(f"celery.{hop}", queue_arguments={"x-queue-type": "quorum"}) for hop in HOPS],
    task_default_queue="celery.1",
    task_routes={f"relay.hop{hop}": {"queue": f"celery.{hop}"} for hop in HOPS},
    broker_transport_options={"confirm_publish": True},
    broker_connection_retry_on_startup=True,
    task_acks_late=True,
    task_ignore_result=True,
    task_store_errors_even_if_ignored=False,
    worker_prefetch_multiplier=16,
    worker_send_task_events=False,
    worker_hijack_root_logger=False,
)

database = None


def store(hop, message):
    global database
    if database is None:
        database = psycopg.connect(os.environ["BENCH_DATABASE_URL"])
    with database.transaction():
        database.execute("INSERT INTO relay.payload (hop, id, body) VALUES (%s, %s, %s)", (hop, message, PAYLOAD))
        database.execute("INSERT INTO relay.seen (hop, id) VALUES (%s, %s)", (hop, message))


def task(hop):
    @app.task(name=f"relay.hop{hop}")
    def run(message):
        store(hop, message)

    return run


tasks = [task(hop) for hop in HOPS]


def submit(count):
    ids = [str(uuid.uuid4()) for _ in range(count)]
    print(time.time(), flush=True)
    with app.producer_pool.acquire(block=True) as producer:
        for message in ids:
            chain(*(step.si(message) for step in tasks)).apply_async(producer=producer)


if __name__ == "__main__":
    if sys.argv[1] == "submit":
        submit(int(sys.argv[2]))
    else:
        options = ["--loglevel=warning", "--pool=prefork", f"--concurrency={os.environ.get('BENCH_CONCURRENCY', '8')}"]
        app.worker_main(["worker", "--without-gossip", "--without-mingle", "--without-heartbeat", "-O", "fair"] + options)
