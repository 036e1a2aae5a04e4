from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("city", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="industry",
            name="group",
            field=models.CharField(
                blank=True,
                choices=[("core", "core industry"), ("supporting", "supporting industry"), ("other", "other industry")],
                max_length=12,
                verbose_name="group",
            ),
        ),
        migrations.AlterField(
            model_name="keyfigure",
            name="group",
            field=models.CharField(
                blank=True,
                choices=[
                    ("economy", "economy"),
                    ("industry", "industry"),
                    ("investment", "investment"),
                    ("trade", "foreign trade and investment"),
                    ("finance", "public finance"),
                    ("enterprises", "enterprises"),
                    ("land", "land"),
                    ("transport", "transport"),
                    ("costs", "costs"),
                ],
                max_length=12,
                verbose_name="group",
            ),
        ),
        migrations.AlterField(
            model_name="keyfigure",
            name="indicator_code",
            field=models.SlugField(
                blank=True, help_text="The same for every period, e.g. gdp.", max_length=80, verbose_name="indicator code"
            ),
        ),
        migrations.AlterField(
            model_name="keyfigure",
            name="period_kind",
            field=models.CharField(
                blank=True,
                choices=[
                    ("year", "a year"),
                    ("half", "a half-year"),
                    ("quarter", "a quarter"),
                    ("months", "months"),
                    ("point", "a day"),
                    ("to-date", "to date"),
                ],
                max_length=8,
                verbose_name="period",
            ),
        ),
        migrations.AlterField(
            model_name="keyfigure",
            name="subject_code",
            field=models.SlugField(blank=True, help_text="E.g. zhaoqing, hightech-zone.", verbose_name="subject code"),
        ),
        migrations.AlterField(
            model_name="keyfigure",
            name="unit",
            field=models.CharField(
                blank=True,
                choices=[
                    ("cny-billion", "billion CNY"),
                    ("cny-million", "million CNY"),
                    ("cny-yi", "hundred million CNY (亿元)"),
                    ("cny-wan", "ten thousand CNY (万元)"),
                    ("cny", "CNY"),
                    ("usd-billion", "billion USD"),
                    ("usd-million", "million USD"),
                    ("usd-yi", "hundred million USD (亿美元)"),
                    ("usd-wan", "ten thousand USD (万美元)"),
                    ("hkd-million", "million HKD"),
                    ("mu", "mu"),
                    ("ha", "hectares"),
                    ("m2", "m²"),
                    ("km2", "km²"),
                    ("km", "km"),
                    ("minutes", "minutes"),
                    ("percent", "percent"),
                    ("enterprises", "enterprises"),
                    ("projects", "projects"),
                ],
                max_length=16,
                verbose_name="unit",
            ),
        ),
        migrations.AlterField(
            model_name="milestone",
            name="date",
            field=models.DateField(blank=True, null=True, verbose_name="date"),
        ),
        migrations.AlterField(
            model_name="milestone",
            name="kind",
            field=models.CharField(
                blank=True,
                choices=[
                    ("founding", "founding"),
                    ("plan", "plan"),
                    ("ceremony", "ceremony"),
                    ("opening", "opening"),
                    ("result", "result"),
                ],
                max_length=12,
                verbose_name="kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="industry",
            constraint=models.CheckConstraint(
                condition=models.Q(("status", "draft"), models.Q(("group__isnull", False), ("group__gt", "")), _connector="OR"),
                name="industry_complete_once_public",
            ),
        ),
        migrations.AddConstraint(
            model_name="keyfigure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status", "draft"),
                    models.Q(
                        ("subject_code__isnull", False),
                        ("subject_code__gt", ""),
                        ("indicator_code__isnull", False),
                        ("indicator_code__gt", ""),
                        ("group__isnull", False),
                        ("group__gt", ""),
                        ("unit__isnull", False),
                        ("unit__gt", ""),
                        ("period_kind__isnull", False),
                        ("period_kind__gt", ""),
                    ),
                    _connector="OR",
                ),
                name="keyfigure_complete_once_public",
            ),
        ),
        migrations.AddConstraint(
            model_name="milestone",
            constraint=models.CheckConstraint(
                condition=models.Q(("status", "draft"), models.Q(("kind__isnull", False), ("kind__gt", "")), _connector="OR"),
                name="milestone_complete_once_public",
            ),
        ),
        migrations.AddConstraint(
            model_name="milestone",
            constraint=models.CheckConstraint(
                condition=models.Q(("status", "draft"), ("date__isnull", False), _connector="OR"), name="milestone_dated_once_public"
            ),
        ),
    ]
