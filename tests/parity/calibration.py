#!/usr/bin/env python3
"""Prints the probabilities that scikit-learn's calibrators give, for curves_equal_the_reference in src/evaluate/calibration_test.c.

Run by hand with scikit-learn 1.8 or later; the numbers stand in the test, so that it needs nothing.
"""
import numpy
from sklearn.calibration import _SigmoidCalibration, _TemperatureScaling
from sklearn.isotonic import IsotonicRegression

SCORES = numpy.array([-3, -2.5, -2, -1.5, -1, -1, 0, 0.5, 1, 1.5, 2, 3])
LABELS = numpy.array([0, 1, 0, 0, 1, 0, 0, 1, 0, 1, 1, 1])
AT = numpy.array([-4, -2.25, -1, 0.25, 1.25, 5])


def show(name, values):
    print(name, ", ".join(f"{value:.6f}F" for value in values))


show("sigmoid", _SigmoidCalibration().fit(SCORES, LABELS).predict(AT))
show("isotonic", IsotonicRegression(out_of_bounds="clip").fit(SCORES, LABELS).predict(AT))
show("temperature", _TemperatureScaling().fit(SCORES, LABELS).predict(AT)[:, 1])
