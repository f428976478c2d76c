"""What alembic runs: on the connection that `Database.upgrade` opened, in its transaction."""

from alembic import context

from perpools.index.tables import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
with context.begin_transaction():
    context.run_migrations()
