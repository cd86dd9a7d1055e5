"""Routes without a server: a part of an application in a module of its own, mounted under a prefix. Layer 8."""


class Group:
    """Takes routes as a Server does; `server.mount("/lights", group)` lets them answer, also those that come later.

    A group may be mounted on a group, and several times.
    """

    def __init__(self):
        self._routes = []  # (name of the server's decorator, path, other arguments, rules, handler)
        self._mounts = []  # (server or group, prefix, decorators)

    def route(self, path, methods=("GET",), **rules):
        """Decorator, as Server.route."""
        return self._take("route", path, (methods,), rules)

    def get(self, path, **rules):
        """Decorator, as Server.get."""
        return self._take("get", path, (), rules)

    def post(self, path, **rules):
        """Decorator, as Server.post."""
        return self._take("post", path, (), rules)

    def put(self, path, **rules):
        """Decorator, as Server.put."""
        return self._take("put", path, (), rules)

    def patch(self, path, **rules):
        """Decorator, as Server.patch."""
        return self._take("patch", path, (), rules)

    def delete(self, path, **rules):
        """Decorator, as Server.delete."""
        return self._take("delete", path, (), rules)

    def any(self, path, **rules):
        """Decorator, as Server.any."""
        return self._take("any", path, (), rules)

    def websocket(self, path, **rules):
        """Decorator, as Server.websocket."""
        return self._take("websocket", path, (), rules)

    def mount(self, prefix, group, *decorators):
        """Have the routes of another group answer under this prefix of this one, each behind these decorators."""
        group.mount_on(self, prefix, decorators)

    def mount_on(self, place, prefix, decorators):
        """Hand the routes over to a server or a group, now and as they come; raises UsageError("bad_route")."""
        mount = place, prefix, decorators
        for route in self._routes:
            _hand_over(mount, route)
        self._mounts.append(mount)

    def _take(self, verb, path, arguments, rules):
        def register(handler):
            route = verb, path, arguments, rules, handler
            for mount in self._mounts:
                _hand_over(mount, route)
            self._routes.append(route)
            return handler

        return register


def _hand_over(mount, route):
    place, prefix, decorators = mount
    verb, path, arguments, rules, handler = route
    for decorate in reversed(decorators):  # the first is the outermost, as it is when they are written above a handler
        handler = decorate(handler)
    getattr(place, verb)(prefix + path, *arguments, **rules)(handler)
