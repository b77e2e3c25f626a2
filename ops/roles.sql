-- The database roles of Brama and their database, made once by a superuser before the first
-- migration. Passwords are not set here: the demonstration and the tests use peer authentication
-- over the Unix socket, production whatever its operator decides.
--
-- brama_owner   owns everything, runs migrations, serves no request
-- brama_writer  the worker; BYPASSRLS because COPY FROM is refused under row-level security
-- brama_reader  the reader; sees only what row-level security lets the asking sender see
-- brama_desk    the desk: people and what they keep, as row-level security lets the one who is signed
--               in; nothing of intake
-- brama_courier the courier; outbox and deliveries, and of what was filed only what it tells
-- brama_admin   "brama admin": registry and credentials; no insert into intake but work rows
CREATE ROLE brama_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE;
CREATE ROLE brama_writer LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE BYPASSRLS;
CREATE ROLE brama_reader LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE;
CREATE ROLE brama_desk LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE;
CREATE ROLE brama_courier LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE;
CREATE ROLE brama_admin LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE BYPASSRLS;
CREATE DATABASE brama OWNER brama_owner ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0;
REVOKE ALL ON DATABASE brama FROM PUBLIC;
GRANT CONNECT ON DATABASE brama TO brama_writer, brama_reader, brama_desk, brama_courier, brama_admin;
