"""Tags and filters of the design system; loaded in every template."""

from django import template

from kefu.web.ui import assets, blocks, clock, context, forms, icons, marks, messages, navigation, rail

register = template.Library()

register.simple_tag(icons.icon)
register.simple_tag(assets.stylesheet)
register.simple_tag(assets.scripts, takes_context=True)
register.simple_tag(assets.vendored)
register.simple_tag(navigation.address_of)
register.simple_tag(marks.logo)
register.simple_tag(marks.seal)
register.simple_tag(marks.pill)
register.simple_tag(marks.avatar)
register.simple_tag(marks.meter)
register.filter(marks.browser)
register.filter(marks.sign_in_means)
register.simple_tag(rail.rail_entries)
register.simple_tag(clock.when)
register.filter(clock.duration)
register.filter(clock.amount)
register.filter(messages.message_html)
register.filter(messages.plain_marks)
register.simple_tag(context.own_site, takes_context=True)
register.filter(clock.language_tag)
register.simple_tag(forms.field)
register.simple_block_tag(blocks.banner)
register.simple_block_tag(blocks.empty)
register.simple_block_tag(blocks.dialog)
