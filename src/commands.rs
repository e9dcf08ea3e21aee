//! The commands, one file each: its arguments and its `run`.

pub(crate) mod add;
pub(crate) mod changepassword;
pub(crate) mod check;
pub(crate) mod clearsessions;
pub(crate) mod completions;
pub(crate) mod compose;
pub(crate) mod createsuperuser;
pub(crate) mod demo;
pub(crate) mod deployment;
pub(crate) mod dockerfile;
pub(crate) mod init;
pub(crate) mod inspectdb;
pub(crate) mod kubernetes;
pub(crate) mod makemigrations;
pub(crate) mod migrate;
pub(crate) mod requirements;
pub(crate) mod runserver;
mod saved_options;
pub(crate) mod sendtestemail;
pub(crate) mod showmigrations;
pub(crate) mod sqlmigrate;
pub(crate) mod squashmigrations;
pub(crate) mod startapp;
pub(crate) mod startmodel;
pub(crate) mod startproject;
pub(crate) mod systemd;
mod users;
