"""What cards are made of. It is accepted, so that flows with cards run; cards are not drawn yet."""

_is_noted = False


def _note_once():
    global _is_noted
    if not _is_noted:
        _is_noted = True
        print("Cards are not drawn by Backlot yet: what is added to them is dropped.", flush=True)


class CardInTask:
    """`current.card`: takes components by append(), and cards by their id."""

    def __init__(self):
        self._components, self._cards = [], {}

    def append(self, component, id=None):
        _note_once()
        self._components.append(component)

    def extend(self, components):
        for component in components:
            self.append(component)

    def clear(self):
        self._components.clear()

    def refresh(self, *args, **kwargs):
        pass

    @property
    def components(self):
        return Components()

    def get(self, type=None):
        return []

    def __getitem__(self, name):
        return self._cards.setdefault(name, CardInTask())

    def __setitem__(self, name, components):
        self[name].clear()
        self[name].extend(components)

    def __iter__(self):
        return iter(self._components)

    def __len__(self):
        return len(self._components)


class Components(dict):
    """The components of a card by id; one that is asked for is there."""

    def __missing__(self, name):
        component = self[name] = MetaflowCardComponent()
        return component


class MetaflowCardComponent:
    """A part of a card."""

    def __init__(self, *args, **kwargs):
        self.id = kwargs.get("component_id")

    def update(self, *args, **kwargs):
        pass

    def render(self):
        return {}

    @classmethod
    def from_dataframe(cls, *args, **kwargs):
        return cls()

    @classmethod
    def from_matplotlib(cls, *args, **kwargs):
        return cls()

    @classmethod
    def from_pil_image(cls, *args, **kwargs):
        return cls()

    @classmethod
    def from_altair_chart(cls, *args, **kwargs):
        return cls()


class MetaflowCard:
    """A kind of card."""

    type = None
    ALLOW_USER_COMPONENTS = False
    RUNTIME_UPDATABLE = False
    RELOAD_POLICY_NEVER = "never"
    RELOAD_POLICY_ALWAYS = "always"
    RELOAD_POLICY_ONCHANGE = "onchange"
    RELOAD_POLICY_TOKEN = "[METAFLOW_RELOAD_TOKEN]"
    RELOAD_POLICY = RELOAD_POLICY_NEVER

    def __init__(self, options=None, components=None, graph=None, flow=None):
        self.components = components or []

    def render(self, task):
        return ""


def _kinds(base, *names):
    return {name: type(name, (base,), {"__module__": __name__}) for name in names}


globals().update(
    _kinds(
        MetaflowCardComponent,
        "Artifact", "Table", "Image", "Error", "Markdown", "VegaChart", "ProgressBar", "ValueBox", "PythonCode",
        "EventsTimeline", "JSONViewer", "YAMLViewer", "PageComponent", "UserComponent", "TitleComponent",
        "TextComponent", "SectionComponent", "TableComponent", "ImageComponent", "DagComponent", "ArtifactsComponent",
    )
)  # fmt: skip
globals().update(_kinds(MetaflowCard, "DefaultCard", "ErrorCard", "BlankCard"))


def get_cards(task, id=None, type=None, follow_resumed=True):
    """The cards of a task: none."""
    return []


def with_default_component_id(render):
    """Of the render of a component: one without a `component_id` is given one before."""
    import functools

    @functools.wraps(render)
    def wrapped(self, *args, **kwargs):
        if getattr(self, "component_id", None) is None:
            import uuid

            self.component_id = uuid.uuid4().hex
        return render(self, *args, **kwargs)

    return wrapped


def render_safely(render):
    """Of the render of a component: what it raises is shown in its place."""
    import functools

    @functools.wraps(render)
    def wrapped(self, *args, **kwargs):
        try:
            return render(self, *args, **kwargs)
        except Exception as error:
            return {"type": "error", "id": getattr(self, "component_id", None), "error": str(error)}

    return wrapped
