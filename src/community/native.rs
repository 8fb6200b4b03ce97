//! Our own REST API and events (`community_api`), spoken by reqwest.
