"""DingTalk as its documentation describes it, on this machine. It shares no code with the adapter.

What each behaviour follows (DingTalk Open Platform, open.dingtalk.com):

* 自定义机器人接入 (custom robots): at most 20 messages a minute, beyond that the robot is silenced for 10 minutes; the error
  that people quote for it is ``130101 send too fast, exceed 20 times per minute``.
* 自定义机器人安全设置 (security settings): ``timestamp`` in milliseconds not more than an hour off, ``sign`` = base64 of
  HMAC-SHA256 over "timestamp\\nsecret" with the secret as key; a keyword that must be in the text. Else ``310000``.
* 获取企业内部应用的access_token: ``GET /gettoken?appkey=&appsecret=``, ``expires_in`` 7200, the same token within its time.
* 发送工作通知 (asyncsend_v2): up to 100 user ids a call; the same text reaches the same user once a day, and who sends it
  again is told "ok" all the same; the answer says only that the task was made (``task_id``).
* 获取工作通知消息的发送结果 (getsendresult): invalid, forbidden (held back by flow control, repetitions among them), failed, read and
  unread users.
* 全局错误码 (global error codes): errors come with the status 200 and ``errcode``; ``88`` with ``sub_code`` says what is
  wrong with who asks; ``-1`` is "system busy"; ``40014`` an access token that is not valid.
* ``90002`` for an interface that is asked too often, whose calls are then "all suspended for the time being", is taken from what
  people report (issue 32 of ali-sdk/node-dingtalk), as the page on frequencies could not be read.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections import defaultdict
from typing import Any

from notices.faking import Fake, Pace

MOST_IDS = 100


class FakeDingTalk(Fake):
    """Robots by access token (with their secret, or none), one app, and users with their inboxes."""

    def __init__(self) -> None:
        super().__init__()
        self.robots: dict[str, str] = {"robot-token": "SEC-secret-of-robot"}
        self.keyword = ""
        self.groups: dict[str, list[str]] = defaultdict(list)
        self.robot_pace: dict[str, Pace] = defaultdict(lambda: Pace(20, 60, shut_out=600))
        self.app = ("app-key", "app-secret")
        self.agent = "1234"
        self.users: set[str] = set()
        self.token, self.made = "", 0
        self.work_pace = Pace(10_000, 1)
        self.inbox: dict[str, list[str]] = defaultdict(list)
        self.tasks: dict[int, dict[str, list[str]]] = {}
        self.had_today: set[tuple[str, str]] = set()
        self.readers: set[str] = set()
        self.busy = 0
        self.too_often = 0

    def answer(self, path: str, query: dict[str, str], body: Any) -> dict[str, Any]:
        if self.busy:
            self.busy -= 1
            return {"errcode": -1, "errmsg": "系统繁忙"}
        if path == "/robot/send":
            return self.to_group(query, body)
        if path == "/gettoken":
            return self.give_token(query)
        if query.get("access_token") != self.token or not self.token:
            return {"errcode": 40014, "errmsg": "不合法的access_token"}
        if path == "/topapi/message/corpconversation/asyncsend_v2":
            return self.notify(body)
        if path == "/topapi/message/corpconversation/getsendresult":
            return self.result(body)
        return {"errcode": 404, "errmsg": "请求的URI地址不存在"}

    def to_group(self, query: dict[str, str], body: Any) -> dict[str, Any]:
        robot = query.get("access_token", "")
        if robot not in self.robots:
            return {"errcode": 300001, "errmsg": "token is not exist"}
        secret = self.robots[robot]
        if secret:
            stamp = query.get("timestamp", "0")
            if abs(time.time() * 1000 - int(stamp)) > 3_600_000:
                return {"errcode": 310000, "errmsg": "invalid timestamp, more detail at the documentation"}
            right = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
            if query.get("sign") != base64.b64encode(right).decode():
                return {"errcode": 310000, "errmsg": "sign not match, more detail at the documentation"}
        text = body["text"]["content"]
        if self.keyword and self.keyword not in text:
            return {"errcode": 310000, "errmsg": "keywords not in content, more detail at the documentation"}
        if not self.robot_pace[robot].allows():
            return {"errcode": 130101, "errmsg": "send too fast, exceed 20 times per minute"}
        self.groups[robot].append(text)
        return {"errcode": 0, "errmsg": "ok"}

    def give_token(self, query: dict[str, str]) -> dict[str, Any]:
        if (query.get("appkey"), query.get("appsecret")) != self.app:
            return {"errcode": 40089, "errmsg": "不合法的corpid或corpsecret"}
        if not self.token:
            self.made += 1
            self.token = f"token-{self.made}"
        return {"errcode": 0, "errmsg": "ok", "access_token": self.token, "expires_in": 7200}

    def end_token(self) -> None:
        """Two hours later."""
        with self.lock:
            self.token = ""

    def notify(self, body: Any) -> dict[str, Any]:
        ids = body.get("userid_list", "").split(",")
        if len(ids) > MOST_IDS or str(body.get("agent_id")) != self.agent:
            return {"errcode": 40035, "errmsg": "不合法的参数"}
        if not self.work_pace.allows():
            said = "您的服务器调用钉钉开放平台当前接口的所有请求都被暂时禁用了"
            self.too_often += 1
            return {"errcode": 90002, "errmsg": said}
        text = body["msg"]["text"]["content"]
        task = 1_000 + len(self.tasks)
        found: dict[str, list[str]] = {"invalid": [], "forbidden": [], "failed": [], "got": []}
        for user in ids:
            if user not in self.users:
                found["invalid"].append(user)
            elif (user, text) in self.had_today:
                found["forbidden"].append(user)
            else:
                self.had_today.add((user, text))
                self.inbox[user].append(text)
                found["got"].append(user)
        self.tasks[task] = found
        return {"errcode": 0, "errmsg": "ok", "task_id": task, "request_id": f"r{task}"}

    def result(self, body: Any) -> dict[str, Any]:
        task = self.tasks.get(body.get("task_id"))
        if task is None:
            return {"errcode": 40035, "errmsg": "不合法的参数"}
        got = task["got"]
        return {
            "errcode": 0, "errmsg": "ok",
            "send_result": {
                "invalid_user_id_list": task["invalid"], "forbidden_user_id_list": task["forbidden"],
                "failed_user_id_list": task["failed"],
                "read_user_id_list": [user for user in got if user in self.readers],
                "unread_user_id_list": [user for user in got if user not in self.readers],
                "invalid_dept_id_list": [],
            },
        }  # fmt: skip
