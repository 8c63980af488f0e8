"""The addresses of the coach's pages; `scope` is 'everybody' or the number of a team."""

from django.urls import path

from .views.coach import own_rules, policies, rules, terms, topics

urlpatterns = [
    path("", rules.coach, name="coach"),
    path("<slug:scope>/", rules.rules, name="coach_rules"),
    path("<slug:scope>/rules/<str:rule>/", rules.rule, name="coach_rule"),
    path("<slug:scope>/rules/<str:rule>/remarks/", rules.remarks, name="coach_remarks"),
    path("<slug:scope>/rules/<str:rule>/<slug:verb>/", rules.rule_verb, name="coach_rule_verb"),
    path("<slug:scope>/own-rules/new/", own_rules.own_rule, name="coach_own_rule_new"),
    path("<slug:scope>/own-rules/<int:pk>/", own_rules.own_rule, name="coach_own_rule"),
    path("<slug:scope>/own-rules/<int:pk>/remove/", own_rules.removal, name="coach_own_rule_removal"),
    path("<slug:scope>/words/", terms.terms, name="coach_terms"),
    path("<slug:scope>/words/import/", terms.terms_import, name="coach_terms_import"),
    path("<slug:scope>/words/<int:pk>/remove/", terms.removal, name="coach_term_removal"),
    path("<slug:scope>/topics/", topics.topics, name="coach_topics"),
    path("<slug:scope>/topics/new/", topics.topic_new, name="coach_topic_new"),
    path("<slug:scope>/topics/<int:pk>/", topics.topic, name="coach_topic"),
    path("<slug:scope>/topics/<int:pk>/remove/", topics.removal, name="coach_topic_removal"),
    path("<slug:scope>/topics/standard/<str:name>/", topics.standard, name="coach_topic_standard"),
    path(
        "<slug:scope>/topics/standard/<str:name>/leave-out/", topics.leave_out, name="coach_topic_leave_out"
    ),
    path("<slug:scope>/policies/", policies.policies, name="coach_policies"),
    path("<slug:scope>/policies/new/", policies.policy, name="coach_policy_new"),
    path("<slug:scope>/policies/<int:pk>/", policies.policy, name="coach_policy"),
    path("<slug:scope>/policies/<int:pk>/remove/", policies.removal, name="coach_policy_removal"),
]
