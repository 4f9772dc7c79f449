"""Lists upward (上报名单): who has not returned, which posts are vacant; signed off in versions, with what changed."""
