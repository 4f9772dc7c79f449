"""WeCom as its documentation describes it, on this machine. It shares no code with the adapter.

What each behaviour follows (WeCom Developer Center, developer.work.weixin.qq.com):

* 群机器人配置说明 (group robots): ``POST /cgi-bin/webhook/send?key=``, at most 20 messages a minute; ``45009`` beyond that,
  ``93000`` for a key that isn't valid.
* 获取access_token: ``GET /cgi-bin/gettoken?corpid=&corpsecret=``, the same token within its two hours; ``40001`` for a wrong
  secret, ``42001`` for a token that has ended, ``40014`` for one that never was.
* 发送应用消息 (app messages): ``touser`` of up to 1,000 ids divided by ``|``; ids that aren't known come back in
  ``invaliduser``, in lower case, and the others get it; ``81013`` when none is known. With ``enable_duplicate_check`` the same
  request (its JSON) within ``duplicate_check_interval`` seconds reaches nobody again, and is answered "ok"; at most four hours.
* 全局错误码 (global error codes): errors come with the status 200 and ``errcode``; ``-1`` is "system busy".
"""

from __future__ import annotations

import json
import time
from collections import defaultdict
from typing import Any

from notices.faking import Fake, Pace


class FakeWeCom(Fake):
    """Robots by key, one app, and users with their inboxes."""

    def __init__(self) -> None:
        super().__init__()
        self.robots: dict[str, list[str]] = {"robot-key": []}
        self.robot_pace: dict[str, Pace] = defaultdict(lambda: Pace(20, 60))
        self.corp = ("corp", "corp-secret")
        self.agent = "1000002"
        self.users: set[str] = set()
        self.tokens: dict[str, bool] = {}
        self.inbox: dict[str, list[str]] = defaultdict(list)
        self.seen: dict[str, float] = {}
        self.busy = 0

    def answer(self, path: str, query: dict[str, str], body: Any) -> dict[str, Any]:
        if self.busy:
            self.busy -= 1
            return {"errcode": -1, "errmsg": "system busy"}
        if path == "/cgi-bin/webhook/send":
            return self.to_group(query, body)
        if path == "/cgi-bin/gettoken":
            return self.give_token(query)
        if path == "/cgi-bin/message/send":
            return self.message(query, body)
        return {"errcode": 404, "errmsg": "no such interface"}

    def to_group(self, query: dict[str, str], body: Any) -> dict[str, Any]:
        key = query.get("key", "")
        if key not in self.robots:
            return {"errcode": 93000, "errmsg": "invalid webhook url, hint: [1]"}
        if not self.robot_pace[key].allows():
            return {"errcode": 45009, "errmsg": "api freq out of limit"}
        self.robots[key].append(body["text"]["content"])
        return {"errcode": 0, "errmsg": "ok"}

    def give_token(self, query: dict[str, str]) -> dict[str, Any]:
        if (query.get("corpid"), query.get("corpsecret")) != self.corp:
            return {"errcode": 40001, "errmsg": "invalid credential"}
        alive = [token for token, is_alive in self.tokens.items() if is_alive]
        token = alive[0] if alive else f"token-{len(self.tokens)}"
        self.tokens[token] = True
        return {"errcode": 0, "errmsg": "ok", "access_token": token, "expires_in": 7200}

    def end_tokens(self) -> None:
        """Two hours later."""
        with self.lock:
            self.tokens = dict.fromkeys(self.tokens, False)

    def message(self, query: dict[str, str], body: Any) -> dict[str, Any]:
        token = query.get("access_token", "")
        if token not in self.tokens:
            return {"errcode": 40014, "errmsg": "invalid access_token"}
        if not self.tokens[token]:
            return {"errcode": 42001, "errmsg": "access_token expired"}
        ids = body.get("touser", "").split("|")
        if len(ids) > 1_000 or str(body.get("agentid")) != self.agent:
            return {"errcode": 40035, "errmsg": "invalid parameter"}
        known = {user.lower(): user for user in self.users}
        bad = [user.lower() for user in ids if user.lower() not in known]
        if len(bad) == len(ids):
            return {"errcode": 81013, "errmsg": "user & party & tag all invalid"}
        if not self.repeated(body):
            for user in ids:
                if user.lower() in known:
                    self.inbox[known[user.lower()]].append(body["text"]["content"])
        return {"errcode": 0, "errmsg": "ok", "invaliduser": "|".join(bad), "msgid": f"m{len(self.seen)}"}

    def repeated(self, body: Any) -> bool:
        if not body.get("enable_duplicate_check"):
            return False
        said, now = json.dumps(body, sort_keys=True), time.monotonic()
        interval = min(int(body.get("duplicate_check_interval", 1_800)), 4 * 3_600)
        before = self.seen.get(said)
        if before is not None and now - before < interval:
            return True
        self.seen[said] = now
        return False
