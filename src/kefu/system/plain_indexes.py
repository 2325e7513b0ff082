"""Dropping the index of a reference by a migration that copies no table."""

from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import AlterField
from django.db.migrations.state import ProjectState


class DropPlainIndex(AlterField):
    """``AlterField`` to ``db_index=False`` and nothing else: the index is dropped, and the table stays as it is.

    Backwards the index is made again.
    """

    def __init__(self, model_name: str, name: str, field: "models.Field[Any, Any]") -> None:
        super().__init__(model_name, name, field)

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            field = model._meta.get_field(self.name)
            named = {index.name for index in model._meta.indexes}
            found = schema_editor._constraint_names(  # type: ignore[attr-defined]
                model, [field.column], index=True, unique=False, primary_key=False, exclude=named
            )
            for name in found:
                schema_editor.execute(schema_editor._delete_index_sql(model, name))  # type: ignore[attr-defined]

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            schema_editor.execute(
                schema_editor._create_index_sql(model, fields=[model._meta.get_field(self.name)])  # type: ignore[attr-defined]
            )
