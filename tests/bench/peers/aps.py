"""PyPI APScheduler, measured as rows.mjs measures the others: `python3 aps.py GROUP`.

The store is its MemoryJobStore by itself, without the scheduler above it, whose events and locks would add to each
call. Prints a JSON line a row.
"""

import gc
import json
import math
import os
import platform
import sys
import threading
import time
from datetime import datetime, timedelta, timezone
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from apscheduler.job import Job
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.date import DateTrigger

WORKLOAD = json.loads((Path(__file__).parent.parent / "workload.json").read_text())
SUBJECT = f"APScheduler {version('apscheduler')}"


def emit(row, unit, value, **more):
    line = {"subject": SUBJECT, "on": f"python {platform.python_version()}", "row": row, "unit": unit, "value": value}
    print(json.dumps(line | more), flush=True)


def random(seed):
    """The generator of rows.mjs."""
    state = seed
    while True:
        state = (state * 1664525 + 1013904223) % 2**32
        yield state


def instants():
    spec = WORKLOAD["instants"]
    numbers = random(spec["seed"])
    seconds = (spec["first_s"] + next(numbers) // spec["divisor"] for _ in range(spec["count"]))
    return [datetime.fromtimestamp(second, timezone.utc) for second in seconds]


def next_rows():
    everything = instants()
    for row, spec in WORKLOAD["next"].items():
        zone = ZoneInfo(spec["zone"])
        trigger = CronTrigger(**spec["fields"], timezone=zone)
        # Its dates are in the trigger's zone, as its scheduler has them.
        local = [at.astimezone(zone) for at in everything]
        fires = (trigger.get_next_fire_time(at, at) for at in local[: spec["checked"]])
        checksum = sum(int(fire.timestamp()) for fire in fires)
        emit(row, "ns", per_fire(trigger, local, spec["chunk"]), checksum=str(checksum))


def per_fire(trigger, local, chunk):
    """Nanoseconds a fire, over a slice of time."""
    done, took, start = 0, 0, time.perf_counter_ns()
    while took < WORKLOAD["slice_ms"] * 1_000_000:
        first = done % len(local)
        for at in local[first : first + chunk]:
            trigger.get_next_fire_time(at, at)
        done += chunk
        took = time.perf_counter_ns() - start
    return took / done


def nothing():
    pass


class Store:
    """A MemoryJobStore with the operations of rows.mjs, on jobs by their numbers."""

    def __init__(self, jobs):
        self.jobs = jobs
        self.spec = spec = WORKLOAD["delays"]
        self.start = datetime.now(timezone.utc).replace(microsecond=0)
        delays = (spec["least_delay_ms"] + number // spec["divisor"] for number in random(spec["seed"]))
        self.first = list(islice(delays, jobs))
        self.second = list(islice(delays, jobs))
        # Jobs ask it for its time zone and for nothing else.
        self.scheduler = BackgroundScheduler(timezone=timezone.utc)
        self.store = MemoryJobStore()
        self.ids = [f"job-{index}" for index in range(jobs)]

    def due(self, delay):
        return self.start + timedelta(milliseconds=delay)

    def add(self):
        for id, delay in zip(self.ids, self.first):
            due = self.due(delay)
            self.store.add_job(
                Job(
                    self.scheduler, id=id, func=nothing, args=(), kwargs={}, name=id, trigger=DateTrigger(due),
                    executor="default", misfire_grace_time=None, coalesce=True, max_instances=1, next_run_time=due,
                )
            )

    def mixed(self):
        return ((step * self.spec["stride"]) % self.jobs for step in range(self.jobs))

    def reschedule(self):
        for index in self.mixed():
            job, due = self.store.lookup_job(self.ids[index]), self.due(self.second[index])
            job._modify(trigger=DateTrigger(due), next_run_time=due)
            self.store.update_job(job)

    def pause(self):
        for index in self.mixed():
            job = self.store.lookup_job(self.ids[index])
            job._modify(next_run_time=None)
            self.store.update_job(job)

    def pop(self):
        total = 0
        for rank in range(1, self.jobs + 1):
            due = self.store.get_next_run_time()
            job = self.store.get_due_jobs(due)[0]
            self.store.remove_job(job.id)
            total += rank * (round((due - self.start) / timedelta(milliseconds=1)) % 9973)
        return str(total)


def store_rows(group):
    jobs, stores = WORKLOAD[group]["jobs"], WORKLOAD[group]["stores"]
    took, checksums = {}, {}

    def timed(row, work):
        gc.collect()
        start = time.perf_counter()
        checksum = work()
        took[row] = took.get(row, 0) + time.perf_counter() - start
        if checksum is not None:
            checksums[row] = {"checksum": checksum}

    for index in range(stores):
        store = Store(jobs)
        before = resident()
        timed("add", store.add)
        if index == 0 and before is not None:
            emit(f"{group}_bytes", "B", (resident() - before) / jobs)
        timed("reschedule", store.reschedule)
        timed("pop", store.pop)

        store = Store(jobs)
        store.add()
        timed("pause", store.pause)
    for row, seconds in took.items():
        emit(f"{group}_{row}", "us", seconds * 1e6 / (jobs * stores), **checksums.get(row, {}))


def resident():
    """The bytes that this process has in memory; nothing where the system does not say."""
    gc.collect()
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")


def burst_rows():
    jobs = WORKLOAD["burst"]["jobs"]
    late, lead = None, 4
    while late is None:
        late, lead = burst(jobs, lead), lead * 2
    late.sort()
    for row, share in (("burst_p50", 0.5), ("burst_p99", 0.99)):
        emit(row, "ms", late[math.ceil(jobs * share) - 1], checksum=str(len(late)), note="its ten threads")


def burst(jobs, lead):
    """How late each job ran, in ms; nothing if the instant came before all were scheduled."""
    scheduler = BackgroundScheduler(timezone=timezone.utc)
    due = math.ceil(time.time() + lead)
    late, done = [], threading.Event()

    def run():
        late.append((time.time() - due) * 1000)
        if len(late) == jobs:
            done.set()

    at = datetime.fromtimestamp(due, timezone.utc)
    for _ in range(jobs):
        scheduler.add_job(run, DateTrigger(at), misfire_grace_time=None)
    scheduler.start()
    in_time = time.time() < due - 0.1
    done.wait()
    time.sleep(0.02)
    scheduler.shutdown()
    return late if in_time else None


if __name__ == "__main__":
    {
        "next": next_rows,
        "store": lambda: store_rows("store"),
        "few": lambda: store_rows("few"),
        "burst": burst_rows,
    }[sys.argv[1]]()
