//! Both halves of the plugin boundary: the kit an author uses and the host that loads a library.
