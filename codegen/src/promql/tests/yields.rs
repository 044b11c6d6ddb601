//! What expressions yield.

use super::{check, yields};

#[test]
fn types() {
    yields(
        "rate(shop_checkout_orders_total[5m])",
        "rate in items/s | country,currency,instance,job | … | maybe",
    );
    yields("sum by (queue) (shop_checkout_depth)", "gauge in items | queue |  | maybe");
    yields("sum(rate(shop_checkout_orders_total[5m])) * 100", "rate in ? |  |  | maybe");
    yields(
        "100 * sum(rate(shop_checkout_failures_total[5m])) / sum(rate(shop_checkout_orders_total[5m]))",
        "ratio in percent |  |  | maybe",
    );
    yields(
        "rate(shop_checkout_duration_seconds_sum[5m]) / rate(shop_checkout_duration_seconds_count[5m])",
        "average in seconds | country,instance,job | … | maybe",
    );
    yields("absent(up{job=\"shop\", instance=~\".+\"})", "boolean in ratio | job |  | maybe");
    yields("vector(1)", "constant in ? |  |  | always");
    yields("up == bool 1 or vector(0)", "unknown in ? |  | instance,job… | always");
    yields(
        "label_replace(up, \"instance\", \"\", \"instance\", \".*\")",
        "boolean in ratio | job | … | maybe",
    );
    yields(
        "sum without (country) (shop_checkout_orders_total) * on (job) group_left (pod) up",
        "unknown in items | currency,instance,job | pod… | maybe",
    );
    yields("count_values(\"value\", up)", "number in ratio | value |  | maybe");
    yields("time() - timestamp(up)", "timestamp in seconds | instance,job | … | maybe");
}

#[test]
fn what_is_recorded_is_of_the_type_of_its_expression() {
    yields("country:shop_checkout_failures:ratio_rate5m", "ratio in ratio | country |  | maybe");
    let rate = "rate in items/s | country,instance,job,reason | … | maybe";
    yields("shop_checkout_failures:rate:5m", rate);
    yields("queue:elsewhere:max", "unknown in bytes |  | queue | maybe");
    let quantile = "histogram_quantile(0.9, le:shop_checkout_duration_seconds:rate5m)";
    yields(quantile, "quantile in seconds |  |  | maybe");
}

#[test]
fn native_histograms_have_the_unit_of_what_is_observed() {
    let rate = "sum by (country) (rate(shop_checkout_duration_seconds[5m]))";
    for (expr, expected) in [
        (rate.to_owned(), "native_histogram in seconds | country |  | maybe"),
        (format!("histogram_quantile(0.9, {rate})"), "quantile in seconds | country |  | maybe"),
        (format!("histogram_avg({rate})"), "average in seconds | country |  | maybe"),
        (format!("histogram_count({rate})"), "rate in 1/s | country |  | maybe"),
        (format!("histogram_sum({rate})"), "rate in ratio | country |  | maybe"),
        (
            format!("histogram_sum({rate}) / histogram_count({rate})"),
            "average in seconds | country |  | maybe",
        ),
    ] {
        yields(&expr, expected);
    }
    check(
        "
histogram_count(shop_checkout_depth)
                ^^^^^^^^^^^^^^^^^^^ empty-result",
    );
}
