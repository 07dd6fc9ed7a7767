"""A client that was generated from the service's document, used as a stranger's program would use it: every answer is a typed one."""

import io
import sys

base, manager, unit, digits, folder = sys.argv[1:]
sys.path.insert(0, folder)

from client import AuthenticatedClient  # noqa: E402
from client.api.desk import board, boards, mark, me, scan  # noqa: E402
from client.api.office import campaigns, units  # noqa: E402
from client.api.service import openapi  # noqa: E402
from client.api.unit import own_board, own_findings, put_file, submit  # noqa: E402
from client.models import (  # noqa: E402
    Board,
    CampaignLine,
    Findings,
    Problem,
    PublicMark,
    PutFile,
    Role,
    Scan,
    Scanned,
    UnitLine,
    Verdict,
)
from client.types import File  # noqa: E402

office = AuthenticatedClient(base_url=base, token=manager)
secretary = AuthenticatedClient(base_url=base, token=unit)

who = me.sync(client=office)
assert who.role is Role.ADMIN and "scan" in who.scopes, who
assert me.sync(client=secretary).role is Role.UNIT

held = campaigns.sync(client=office)
assert all(isinstance(one, CampaignLine) for one in held), held
running = [one for one in held if one.running]
assert len(running) == 1 and running[0].open_ and running[0].faults == 0, held

roster = units.sync(client=office)
assert len(roster) == 2 and all(isinstance(one, UnitLine) for one in roster), roster
all_boards = boards.sync(client=office)
assert {one.unit for one in all_boards} == {one.name for one in roster}, all_boards
own = own_board.sync(client=secretary)
assert isinstance(own, Board) and own.unit in {one.name for one in roster}, own
one = board.sync(own.campaign, own.unit, client=office)
assert one.unit == own.unit and not one.complete and one.deadline.year == 2021, one

# a mark that nobody here issued
told = mark.sync(digits, client=office)
assert isinstance(told, PublicMark) and told.words, told
answer = scan.sync(client=office, body=Scan(text=digits), idempotency_key="client-1")
assert isinstance(answer, Scanned) and answer.waiting == 0, answer
assert answer.answers[0].verdict in (Verdict.FOREIGN, Verdict.FORGED), answer

# a file put, and what is wrong with the material now
empty = own_findings.sync(client=secretary)
assert isinstance(empty, Problem) and empty.status == 404, empty
text = io.BytesIO("报告\n内容不多。\n".encode())
put = put_file.sync("报告.txt", client=secretary, body=File(payload=text))
assert isinstance(put, PutFile) and put.path.endswith("报告.txt"), put
found = own_findings.sync(client=secretary)
assert isinstance(found, Findings) and found.errors == put.errors > 0, found
assert all(one.message and one.hint for one in found.findings)

# refusals are problems with a status and words
refused = submit.sync(client=secretary)
assert isinstance(refused, Problem) and refused.status == 422 and refused.findings, refused
refused = boards.sync_detailed(client=secretary)
assert refused.status_code == 403 and isinstance(refused.parsed, Problem), refused
assert refused.headers["content-type"] == "application/problem+json"
nothing = board.sync("no-such-campaign", "没有的单位", client=office)
assert isinstance(nothing, Problem) and nothing.status == 404 and nothing.detail, nothing
stranger = AuthenticatedClient(base_url=base, token="none")
assert me.sync(client=stranger).status == 401

document = openapi.sync(client=office)
assert document["openapi"] == "3.1.0"
print("typed")
