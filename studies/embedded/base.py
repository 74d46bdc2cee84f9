"""Django's PostgreSQL backend on the embedded server: the engine `studies.embedded`.

The server is joined, and started if need be, at the first real connection; checking settings or building
a query starts nothing. All else (features, operations, introspection) is Django's own.
"""

from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.postgresql.client import DatabaseClient as PostgreSQLClient
from django.db.backends.postgresql.psycopg_any import errors

from studies import database


class DatabaseClient(PostgreSQLClient):
    """`manage.py dbshell`, with the psql of the server's own version."""

    @classmethod
    def settings_to_cmd_args_env(cls, settings_dict: dict, parameters: list[str]) -> tuple[list, dict | None]:
        server = {key.upper(): value for key, value in database.connection_info().items()}
        arguments, environment = super().settings_to_cmd_args_env({**settings_dict, **server}, parameters)
        return [str(database.program(cls.executable_name)), *arguments[1:]], environment


class DatabaseWrapper(base.DatabaseWrapper):
    client_class = DatabaseClient

    def get_connection_params(self) -> dict[str, Any]:
        return {**super().get_connection_params(), **database.connection_info()}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection; if it fails the server may have been killed, so it is seen to once and tried again."""
        try:
            return super().get_new_connection(conn_params)
        except errors.OperationalError:
            return super().get_new_connection({**conn_params, **database.start()})
